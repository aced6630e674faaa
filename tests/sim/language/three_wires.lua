-- Loads on three wires obey Kirchhoff; kilowatts and kilovars phase by phase.
local delta = meter { name = "delta", system_type = 31, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480, kind = "corner" }
load { amps = 50, pf = 0.9 }
wait "3 s"
local kw = 3 ^ 0.5 * 0.48 * 50 * 0.9
expect(delta.kw_total, near(kw, "0.02 %"))
expect(delta.pf_total, near(0.9, 0.0005))
expect(delta:truth().kw_total, near(kw, "0.0001 %"))
expect(delta.i_b, near("50 A", "0.02 %"))

load { amps = { 30, 40, 50 }, pf = "0.8 lag" }
wait "3 s"
expect(delta.i_a, near("30 A", "0.02 %"))
expect(delta.i_c, near("50 A", "0.02 %"))
expect(delta.pf_total, near(0.8, 0.0005))
expect(delta.kw_total, near(delta:truth().kw_total, "0.02 %"))
expect(delta.kvar_total / delta.kw_total, near(0.75, 0.001))

load { kw = 12, pf = 0.8 } -- at B, which is grounded, there is no voltage to divide by
wait "3 s"
expect(delta.kw_total, near(12, "0.02 %"))
expect(delta.i_b, near(12 / 0.8 / 0.48 / 3 ^ 0.5, "0.02 %"))
load { kw = 4.8, phases = "AC" } -- between two wires
wait "3 s"
expect(delta.i_c, near("10 A", "0.02 %"))
expect(delta.i_b, 0)
expect(delta.kw_total, near(4.8, "0.02 %"))

grid { volts_ll = 480, kind = "wye" }
load { kw = { 3, 3, 3 }, kvar = { 1, 1, 1 } }
wait "3 s"
expect(delta.kw_c, near(3, "0.02 %"))
expect(delta.kvar_a, near(1, "0.05 %"))
