-- In the field: the display stood still for a second.
-- How to tell: a disturbance left its controller in the middle of a byte: nine clocks free the bus.
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
fault(m, "i2c_held", 9)
wait "3 s"
clear(m)
wait "2 s"
expect(m.alerts, 0)
fault(m, "i2c_held", 1000000) -- for ever: told, and the rest works
wait "4 s"
expect(m.alerts, 0x80)
expect(counter(4) & 8, 8)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
clear(m)
within("3 s", function() return m.alerts == 0 end)
