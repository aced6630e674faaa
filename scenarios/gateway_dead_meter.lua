-- In the field: all meters of a line are slow since one of them is off.
-- How to tell: the dead one gets exception 0B after the gateway's time-out, and the others wait for it.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local other = meter { system_type = 40, ct_primary = 200, system_voltage = 480, address = 2 }
wait "3 s"
local g = gateway { timeout = "800 ms" }
local second = g:client { client_timeout = "3 s" }
power(other, "off")
wait "1 s"
local code
after("1 ms", function() code = select(2, g:try_read(2, 1)) end)
wait "2 ms"
second:read(1, 1)
expect(second.took, near(0.818, 0.01))
expect(code, 11)
g:read(1, 1)
expect(g.took < 0.05)
