meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
load { amps = { 1, 2, 3, n = 4 } }
