-- In the field: total kW is a third of what it should be, and one phase's kW is negative.
-- How to tell: nothing on that phase generates, so its CT is reversed: turn it round.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }

local phase_kw = 0.48 / 3 ^ 0.5 * 80 * 0.92
wait "3 s"
expect(m.kw_total, near(3 * phase_kw, "0.02 %"))

fault(m, "ct_reversed", "B")
within("2 s", function() return m.kw_b < 0 end)
wait "2 s"
expect(m.kw_b, near(-phase_kw, "0.02 %"))
expect(m.pf_b, near(-0.92, 0.0005))
expect(m.kw_a, near(phase_kw, "0.02 %"))
expect(m.kw_total, near(phase_kw, "0.02 %"))
expect(m:read(21), "s16", 2040)
expect(m.kva_b, near(0.48 / 3 ^ 0.5 * 80, "0.02 %")) -- has no direction
expect(m.kwh_export_b > 0)
expect(m.kwh_export, 0) -- the total still imports

clear(m, "ct_reversed")
wait "3 s"
expect(m.kw_total, near(3 * phase_kw, "0.02 %"))
