-- A served scenario that holds its time itself. What it does later, at instants that are no step of the client,
-- has to be the same for each client.
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 59.93, volts_ll = 480 }
load { amps = { 80, 50, 20 }, pf = 0.9 }
hold()
wait "90.4 s"
fault(m, "ct_reversed", "C", { duration = "20 s" })
event("sag", { percent = 40, duration = "333 ms" })
wait "600.123456 s"
add_load("motor", { kw = 5 })
