local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
if chance "150 %" then wait "1 s" end
