-- In the field: nothing, but for a counter.
-- How to tell: a byte stood in the SPI of the front end: 10 ms of damaged frames, one start (0x42).
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
local starts = counter(8)
fault(m, "afe_stray_byte")
wait "1.2 s"
expect(counter(8) <= starts + 1)
expect(counter(6) > 0)
clear(m)
within("5 s", function() return m.alerts == 0 end)
local damaged = counter(6)
wait "1.5 s"
expect(counter(6), damaged)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
