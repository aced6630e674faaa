-- In the field: values stand still for minutes, and no error is reported.
-- How to tell: the meter's own panel moves; the bytes of the answers are the same.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { }
local before = g:read(1, 21, "s16")
fault(m, "gateway_stale", 5)
load { amps = 20, pf = 0.92 }
wait "5 s"
for poll = 1, 5 do expect(g:read(1, 21), "s16", before) end
expect(g:read(1, 21, "s16") < before / 3)
