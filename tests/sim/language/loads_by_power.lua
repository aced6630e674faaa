-- load by kilowatts and kilovars, of all phases together or of each.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { kw = { 10, 20, -5 }, kvar = { 3, -4, 2 } }
wait "3 s"
expect(m.kw_a, near(10, "0.02 %"))
expect(m.kw_b, near(20, "0.02 %"))
expect(m.kw_c, near(-5, "0.02 %"))
expect(m.kvar_a, near(3, "0.05 %"))
expect(m.kvar_b, near(-4, "0.05 %"))
expect(m.kvar_c, near(2, "0.05 %"))

load { kw = 30, kvar = "6 kvar" } -- numbers: of all phases together
wait "3 s"
expect(m.kw_b, near(10, "0.02 %"))
expect(m.kvar_total, near(6, "0.05 %"))

load { kw = { 0, 8, 0 }, kvar = { 5, 0, 0 }, export = true }
wait "3 s"
expect(m.kw_a, near(0, "1 W"))
expect(m.kvar_a, near(-5, "0.05 %"))
expect(m.kw_b, near(-8, "0.02 %"))

load { kw = { 10, 5, 2 }, pf = { 1, "0.5 lag", "0.8 lead" } }
wait "3 s"
expect(m.pf_b, near(0.5, 0.0005))
expect(m.kw_b, near(5, "0.02 %"))
expect(m.kvar_c, near(-1.5, "0.05 %"))
