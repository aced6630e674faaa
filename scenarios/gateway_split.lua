-- In the field: values are missing or 0 at times; on the wire all is well.
-- How to tell: the answers come in two TCP segments, and the client takes the first one for the whole.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { }
g:read(1, 1, 10)
local whole = g.took
fault(m, "gateway_split", "30 ms")
expect(g:read(1, 130), 40) -- this client reads on
g:read(1, 1, 10)
expect(g.took, near(whole + 0.03, 0.001))
