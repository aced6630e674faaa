local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
truth(m, "0.2S")
wait "10 min"
truth(m, "0.2S")
m:write(131, 205) -- not what hangs there
m:write(131, 200)
wait "1 min"
truth(m, "0.2S")
fault(m, "adc_lost", 100)
truth(m, "0.2S")
wait "10 min"
truth(m, "0.2S")
