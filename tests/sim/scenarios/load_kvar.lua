meter { system_type = 31, ct_primary = 100, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 10, kvar = 5 }
