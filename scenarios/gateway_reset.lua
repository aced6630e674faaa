-- In the field: "connection reset by peer" now and then; the next poll works.
-- How to tell: the reset comes from the gateway instead of an answer, and a new connection is accepted at once.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { }
fault(m, "gateway_chance", "30 %")
fault(m, "gateway_reset")
local resets = 0
for poll = 1, 40 do
    local value, why = g:try_read(1, 130)
    if not value then
        expect(why, "reset")
        resets = resets + 1
    end
end
expect(resets >= 4 and resets <= 24)
clear(m)
expect(g:read(1, 130), 40)
