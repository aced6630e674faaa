local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
for _ = 1, 40 do event("sag", { duration = 0 }) end
