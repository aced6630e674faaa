-- In the field: two new meters on one RS-485 line, both at address 1: CRC errors, or the answer of one.
-- How to tell: bad CRCs where their values differ, good answers where they agree; alone, each works.
local a = meter { name = "left", system_type = 40, ct_primary = 200, system_voltage = 480 }
local b = meter { name = "right", system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load(a, { amps = 80, pf = 0.92 })
load(b, { amps = 35, pf = 0.7 })
local bus = line()
wait "3 s"
local value, why = bus:try_read(1, 21, 8)
expect(value, nil)
expect(why, "bad crc")
expect(bus.collisions, 1)
expect(bus:read(1, 130), "u16", 40) -- the same of both: nobody notices
expect(bus.collisions, 2)

power(b, "off")
wait "0.2 s" -- longer than it rides through
expect(bus:read(1, 21), "s16", a:read(21, "s16"))
power(a, "off")
power(b, "on")
wait "3 s"
expect(bus:read(1, 21), "s16", b:read(21, "s16"))
