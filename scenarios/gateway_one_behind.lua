-- In the field: SCADA shows values of the register before, from one moment on and for ever.
-- How to tell: each value fits the request before it; a new connection does not help, a restart of the gateway does.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local kw, volts = m:read(21, "s16"), m:read(25, "s16")
local g = gateway { }
expect(g:read(1, 21), "s16", kw)
fault(m, "gateway_one_behind")
g:read(1, 25)
expect(g:read(1, 21), "s16", volts) -- the transaction id is right: no client can tell
expect(g:read(1, 25), "s16", kw)
clear(m)
expect(g:read(1, 25), "s16", volts)
