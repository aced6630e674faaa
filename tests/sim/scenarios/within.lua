local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
within("2 s", function() return m.kw_b < 0 end)
