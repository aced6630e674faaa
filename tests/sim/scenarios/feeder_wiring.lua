local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
meter { feeder = m, system_type = 31, system_voltage = 480 }
