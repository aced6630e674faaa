local m = meter { ct_primary = 200, system_voltage = 480 }
recording("../../../recordings/sag_b_480v.cfg", { at_end = "grind" })
