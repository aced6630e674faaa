meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { volts_ll = 480, harmonics = { [3] = "2 %" } }
