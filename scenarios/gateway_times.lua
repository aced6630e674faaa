-- In the field: polling is slow behind a gateway, though the network is fast.
-- How to tell: the time of an answer is that of its bytes on RS-485: halve the rate, and it doubles.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, baud = 9600 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { kind = "serial_server" }
-- 8 characters, t3.5, the meter (it looks at its line every ms or so), 25 characters, t3.5; of 10 bits at 9600 baud.
g:read(1, 1, 10)
expect(g.took, near(0.0432, 0.001))
g:read(1, 1, 28)
expect(g.took, near(0.0807, 0.001))
