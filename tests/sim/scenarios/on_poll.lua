local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
on_poll(m, 2, function() fault(m, "ct_open", "D") end)
m:read(21)
m:read(21)
wait "1 s"
