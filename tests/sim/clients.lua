-- A meter at rest whose registers hold something: energies of both directions, a full
-- demand interval, entries in the logs. Only its clock goes on.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480,
                  demand_subinterval_s = 10 }
grid { hz = 60, volts_ll = 480 }
load { amps = { 80, 60, 70 }, pf = 0.8 }
wait "25 s"
load { amps = { 80, 60, 70 }, pf = -0.9 }
wait "36 s"
m:write(150, 32767) -- the next sub-interval ends in nine hours
m:write(158, 1)
load { amps = 0 }
