meter { pt_ratio = 4, system_voltage = 300 }
