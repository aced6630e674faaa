-- In the field: some clients read no meter behind a gateway, others do.
-- How to tell: the unit id of the answers is not that of the requests.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { client_timeout = "300 ms" }
fault(m, "gateway_wrong_unit")
local value, why = g:try_read(1, 130)
expect(why, "wrong unit")
expect(g:client { trusts = true }:read(1, 130), 40)
