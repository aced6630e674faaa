local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "1 s" -- the first reading
always(function() return m.i_a < 90 end)
wait "2.5 s"
load { amps = 100 }
wait "60 s"
