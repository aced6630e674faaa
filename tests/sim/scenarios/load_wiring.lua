local m = meter { system_type = 12, system_voltage = 240 }
grid { volts_ll = 240 }
add_load("resistor", { amps = 5, connection = "delta" })
