-- In the field: the meter shares its RS-485 line with another make's drives, and polls fail now and then.
-- How to tell: it answers its own polls only; with a second master on the line polls collide.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { foreign = "50 ms", timeout = "200 ms" }
wait "3 s"
local shared = bus:poll { id = 1, register = 21, count = 8, every = "200 ms" }
wait "20 s"
shared:stop()
expect(bus.foreign_requests > 100, "others are polled")
expect(shared.sent >= 100)
expect(shared.good, shared.sent)
expect(bus.collisions, 0)

bus:set { foreign = "50 ms", other_master = true }
local fought = bus:poll { id = 1, register = 21, count = 8, every = "200 ms" }
wait "20 s"
fought:stop()
expect(bus.collisions > 5, "two masters collide")
expect(fought.damaged + fought.timeouts > 3, "polls fail")
expect(fought.good > 30, "others get through")
