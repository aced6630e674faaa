-- In the field: an old 240 V service reads 208 V from phase B to neutral, and the imbalance alarm never ends.
-- How to tell: all line voltages are 240 V: B is the high leg, nothing must be connected from B to N.
-- L-N voltages differ by 42 % of the higher: set the imbalance limit (register 143) above that.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 240 }
grid { hz = 60, volts_ll = 240, kind = "high_leg" }
add_load("resistor", { amps = { 20, 0, 15 } })                     -- light, from A and C to N
add_load("impedance", { amps = 10, pf = 0.8, connection = "delta" }) -- a machine
wait "3 s"

expect(m.v_an, near("120 V", "0.02 %"))
expect(m.v_bn, near(120 * 3 ^ 0.5, "0.02 %"))
expect(m.v_cn, near("120 V", "0.02 %"))
expect(m.v_ab, near("240 V", "0.02 %"))
expect(m.v_bc, near("240 V", "0.02 %"))
expect(m.v_ac, near("240 V", "0.02 %"))
expect(m.kw_total, near(0.12 * 35 + 3 * 0.24 * 10 * 0.8, "0.02 %"))
expect(m.kvar_total, near(3 * 0.24 * 10 * 0.6, "0.05 %"))
expect(m.i_b, near(10 * 3 ^ 0.5, "0.02 %")) -- the machine's alone
expect(m.alerts & 0x700, 0x500)             -- A and C are low, as the meter sees it

m:write(143, 45)
wait "3 s"
expect(m.alerts & 0x700, 0)
