-- In the field: on cold mornings the meter has no readings for some seconds after power comes.
-- How to tell: it answers at once, with bits 6 and 7 of register 146: its crystal starts late.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
-- Number k of function 0x42 with 01: 4 faults now, 5 faults since power-up (core/hal.h), 6 damaged and 7 late
-- sets, 8 starts of the front end, 10 failures of the display, 11 of the supply, 12 faults recorded.
local function counter(k)
    local at = 3 * (3 + 4 * k)
    local word = m:request("42 01"):sub(at + 1, at + 11):gsub(" ", "")
    return tonumber(word, 16)
end
fault(m, "crystal_late", "4 s")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m.alerts, 0xC0)
expect(counter(4) & 1, 1)
within("5 s", function() return m.alerts == 0 and m:read(28, "u16") == 6000 end)
expect(counter(4) & 1, 0)
expect(counter(5) & 1, 1) -- it had been so
expect(m.kw_total, near("61.19 kW", "0.2 %"))
