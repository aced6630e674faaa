local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
monotonic(function() return m.kwh_net end)
wait "5 s"
load { kw = -40 }
wait "10 s"
