meter { system_voltage = 480 }
grid { volts_ll = 480, flicker = { hz = 8, percent = 1, phases = "AD" } }
