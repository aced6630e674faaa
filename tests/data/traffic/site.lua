-- The meter behind the captures here.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 50, pf = 0.9 }
wait "1000 s"
