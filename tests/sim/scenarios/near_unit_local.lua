local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local p = m.kw_total
wait "1 s"
expect(p, near(61.19, "1 V"))
