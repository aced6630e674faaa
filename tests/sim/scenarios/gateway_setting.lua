meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480 }
gateway { timeout = "5 ms" }
