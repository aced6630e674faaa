local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
add_load("profile", { file = "profile_kw.csv" })
