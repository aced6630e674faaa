-- In the field: a load is switched, one reading is odd, and the generator's frequency sags to 59.3 Hz.
-- How to tell: the result that spans the step lies between the two loads; two seconds later it is settled.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 20, pf = 0.95 }

local function kw(amps, pf) return 3 ^ 0.5 * 0.48 * amps * pf end
wait "3 s"
expect(m.kw_total, near(kw(20, 0.95), "0.02 %"))

load { amps = 160, pf = 0.85 }
grid { hz = 59.3 }
wait "1 s"
expect(m.kw_total > kw(20, 0.95) and m.kw_total < kw(160, 0.85))
wait "2 s"
expect(m.kw_total, near(kw(160, 0.85), "0.02 %"))
expect(m.i_b, near("160 A", "0.02 %"))
expect(m.vll_avg, near("480 V", "0.02 %"))
expect(m.freq, near("59.3 Hz", "5 mHz"))

grid { hz = 60 }
local settled = wait_until(function() return m.freq > 59.995 end, "3 s")
expect(settled <= 2.2)
wait "2 s"
expect(m.freq, near("60 Hz", "5 mHz"))
