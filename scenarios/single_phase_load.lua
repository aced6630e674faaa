-- In the field: only phase A of an island grid at 59.7 Hz is loaded; are the total kW and kVA right?
-- How to tell: the totals equal phase A's values, kVA too; readings stand still from second to second.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 208 }
grid { hz = 59.7, volts_ll = 208 }
load { amps = 50, pf = "0.8 lead", phases = "A" }

local kw = 0.208 / 3 ^ 0.5 * 50 * 0.8
wait "3 s"
always(function() -- a plain window of one second would beat by 0.35 % here
    return m.kw_total > kw * 0.9998 and m.kw_total < kw * 1.0002
end)
wait "20 s"
expect(m.freq, near("59.7 Hz", "5 mHz"))
expect(m.i_a, near("50 A", "0.02 %"))
expect(m.i_b, 0)
expect(m.i_c, 0)
expect(m.kw_a, near(kw, "0.02 %"))
expect(m.kvar_a, near(-kw / 0.8 * 0.6, "0.05 %")) -- leading: below 0
expect(m.kva_total, near(kw / 0.8, "0.02 %"))
expect(m.pf_total, near(0.8, 0.0005))
expect(m.i_avg, near(50 / 3, "0.02 %"))
expect(m.v_bn, near(208 / 3 ^ 0.5, "0.02 %"))
