meter { system_voltage = 700 }
