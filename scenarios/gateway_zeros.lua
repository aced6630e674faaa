-- In the field: a counter of energy reads 0 once in a while; reports add the whole counter as one day's energy.
-- How to tell: all registers of that answer are 0, and the next poll is as before.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { }
fault(m, "gateway_one_in", 4)
fault(m, "gateway_zeros", 1)
for poll = 1, 9 do
    local volts = g:read(1, 25, "s16")
    expect((volts == 0) == (poll == 4), "poll " .. poll)
end
