-- In the field: one current reads 0 since the CTs were changed, and the old CTs do not cure it.
-- How to tell: a CT with an output of 5 A was connected. Into the input's 32 kohm its current drives hundreds of
-- volts: the input is destroyed. Zero current with a healthy conductor and a healthy CT: the meter must be replaced.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local healthy = m.kw_total
fault(m, "ct_current_output", "B")
wait "3 s"
expect(m.i_b, 0)
expect(m.kw_total, near(healthy * 2 / 3, "0.02 %"))
expect(m.alerts, 0) -- nothing tells: a current of 0 is none
clear(m)
wait "3 s"
expect(m.i_b, 0)
