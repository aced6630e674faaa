-- In the field: after one timeout every value is that of the request before, until the client connects anew.
-- How to tell: transaction ids of answers are one behind those of requests; a client that compares them has a timeout instead.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local kw, volts = m:read(21, "s16"), m:read(25, "s16")
local g = gateway { client_timeout = "500 ms" }
local naive = g:client { trusts = true }
fault(m, "gateway_one_in", 2) -- the second answer is late
fault(m, "gateway_answer_late", "490 ms")
expect(naive:read(1, 21), "s16", kw)
local value, why = naive:try_read(1, 21)
expect(why, "timeout")
clear(m)
expect(naive:read(1, 25), "s16", kw)    -- the late one
expect(naive:read(1, 21), "s16", volts) -- and so it goes on
expect(g:read(1, 21), "s16", kw)        -- a sound client is not led astray
