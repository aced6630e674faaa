local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
always_until(function() return m.i_a > 50 end, function() return m.i_a > 200 end, "4 s")
