-- In the field: energy is half of what the neighbour's meter says; voltages are right, amps and kW are half.
-- How to tell: register 131 says 100 A, the CTs' plates say 200 A: set it, and wait.
local m = meter { system_type = 40, ct_primary = 100, ct_sensor = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }

local kw = 3 ^ 0.5 * 0.48 * 80 * 0.92
wait "3 s"
expect(m.v_an, near(480 / 3 ^ 0.5, "0.02 %"))
expect(m.i_a, near("40 A", "0.02 %"))
expect(m.kw_total, near(kw / 2, "0.02 %"))
expect(m.pf_total, near(0.92, 0.0005))

m:write(131, 200)
wait "3 s"
expect(m.i_a, near("80 A", "0.02 %"))
expect(m.kw_total, near(kw, "0.02 %"))
