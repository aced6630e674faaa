-- In the field: one master reads the meter without trouble, a faster one misses every second answer.
-- How to tell: with a pause between an answer and the next request all are answered.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "300 ms" }
wait "2 s"
fault(m, "de_slow", 5)
local function lost(pause)
    local count = 0
    for _ = 1, 10 do
        if not bus:try_read(1, 28) then count = count + 1 end
        wait(pause)
    end
    return count
end
expect(lost "20 ms", 0)
expect(lost "0 s" == 5)
clear(m)
expect(lost "0 s", 0)
