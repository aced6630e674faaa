local m = meter { system_voltage = 480 }
add_load("resistor", { amps = 5 })
