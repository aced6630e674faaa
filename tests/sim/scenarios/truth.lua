local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
truth(m, "0.2S")
fault(m, "ct_wrong_ratio", "B", 2)
wait "3 s"
truth(m, "0.2S")
