-- In the field: nothing, but for a counter.
-- How to tell: a transfer between front end and memory failed: a set stands in, nothing else.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
-- Number k of function 0x42 with 01: 4 faults now, 5 faults since power-up (core/hal.h), 6 damaged and 7 late
-- sets, 8 starts of the front end, 10 failures of the display, 11 of the supply, 12 faults recorded.
local function counter(k)
    local at = 3 * (3 + 4 * k)
    local word = m:request("42 01"):sub(at + 1, at + 11):gsub(" ", "")
    return tonumber(word, 16)
end
wait "3 s"
local starts, damaged = counter(8), counter(6)
for k = 1, 4 do
    fault(m, "dma_error", 11 * k)
    wait "0.2 s"
    clear(m)
end
wait "1.2 s"
expect(counter(8), starts)
expect(counter(6) >= damaged + 4)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
