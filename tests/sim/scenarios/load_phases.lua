local m = meter { system_type = 10, wiring = "C-N", system_voltage = 277 }
grid { volts_ll = 480 }
add_load("resistor", { amps = 5, phases = "AB" })
