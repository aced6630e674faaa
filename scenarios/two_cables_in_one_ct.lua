-- In the field: amps look right, but kW of one phase is half of what it should be.
-- How to tell: the cables of two phases go through that CT. Their sum has the size of one and another angle:
-- PF 0.5 at a load of PF 1. With an unbalanced load the amps are wrong, too.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 1 }
wait "3 s"
local kw = m.kw_a
fault(m, "ct_second_conductor", "A", 2)
wait "3 s"
expect(m.i_a, near("80 A", "0.02 %"))
expect(m.kw_a, near(kw / 2, "0.05 %"))
expect(m.pf_a, near(0.5, 0.001))
load { amps = { 80, 20, 80 }, pf = 1 }
wait "3 s"
expect(m.i_a, near((80 ^ 2 + 20 ^ 2 - 80 * 20) ^ 0.5, "0.05 %"))
expect(m.kw_a, near(kw * (1 - 0.5 * 20 / 80), "0.05 %"))
