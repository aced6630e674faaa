local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local sub = meter { feeder = m, ct_primary = 200, system_voltage = 480 }
recording(sub, "../../../recordings/sag_b_480v.cfg")
