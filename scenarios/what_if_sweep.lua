-- In the field: what would this meter show at another load, or with that fault? A hundred such questions.
-- How to tell: each answer is right, and afterwards the meter is what it was, to the last digit.
local m = meter { name = "main", ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "1 min"
save "warm"

-- what it was, and what it would have been without any question
local volts, kw = 480 / 3 ^ 0.5, m.kw_total
local before, at = m.kwh_import, now()
wait "2 s"
local after = m.kwh_import
expect(kw, near(3 * volts * 80 * 0.92 / 1000, "0.02 %"))
expect(after > before)

for n = 1, 100 do
    restore "warm"
    expect(now(), at)
    expect(m.kwh_import, before)
    local amps, pf = 2 * n, n % 2 == 0 and 0.8 or 1
    load { amps = amps, pf = pf }
    if n % 10 == 0 then fault(m, "ct_open", "B", { duration = "1 h" }) end
    wait "3 s"
    local phases = n % 10 == 0 and 2 or 3
    expect(m.kw_total, near(phases * volts * amps * pf / 1000, "0.03 %"))
end

restore "warm"
expect(m.kw_total, kw)
wait "2 s"
expect(m.kwh_import, after)
