-- In the field: a client that was updated has timeouts alone behind a gateway with which the old one worked.
-- How to tell: answers come in time, with a transaction id that was not asked.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { client_timeout = "300 ms" }
fault(m, "gateway_wrong_transaction")
local value, why = g:try_read(1, 130)
expect(why, "wrong transaction")
expect(g:client { trusts = true }:read(1, 130), 40)
