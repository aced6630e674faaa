-- A CT of 5 A destroys the input that it is connected to, for good.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.9 }
wait "3 s"
fault(m, "ct_current_output", "B")
wait "3 s"
expect(m.i_b, 0)
expect(m.kw_b, 0)
expect(m.i_a, near("80 A", "0.02 %"))
clear(m)
wait "3 s"
expect(m.i_b, 0)
