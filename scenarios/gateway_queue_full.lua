-- In the field: exception 06 (busy) or 0B comes and goes, the more so the more programs read the meter.
-- How to tell: with one reader, or a longer interval, it does not come.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local g = gateway { queue = 1 }
local codes = {}
for k = 1, 4 do
    local c = g:client()
    after("1 ms", function() codes[k] = select(2, c:try_read(1, 1, 28)) or 0 end)
end
wait "1 s"
local busy = 0
for k = 1, 4 do busy = busy + (codes[k] == 6 and 1 or 0) end
expect(busy, 2) -- one is on the line, one waits
expect(g:counters().full, 2)
g:set { queue = 32 }
expect(g:read(1, 130), 40)
