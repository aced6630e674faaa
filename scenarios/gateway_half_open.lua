-- In the field: no values since the gateway restarted; other clients read it, and this one has no error but timeouts.
-- How to tell: its connection is open on its side only; it works again when the client connects anew.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { client_timeout = "300 ms" }
expect(g:read(1, 130), 40)
fault(m, "gateway_half_open")
local value, why = g:try_read(1, 130)
expect(why, "timeout")
clear(m)
value, why = g:try_read(1, 130)
expect(why, "timeout")
expect(g:client():read(1, 130), 40)
