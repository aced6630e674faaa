-- In the field: gaps in the log, with exception 06 (busy) in the driver's file.
-- How to tell: the meter answers on RS-485 each time; the exception is the gateway's own.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { }
fault(m, "gateway_exception", 6)
local value, code = g:try_read(1, 130)
expect(code, 6)
clear(m)
expect(g:read(1, 130), 40)
