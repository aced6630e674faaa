meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
load { amps = 10, harmonics = { a = { { order = 3, percent = 2 } } } }
