-- In the field: the meter restarted by itself.
-- How to tell: register 152 counts a power-up, 0x42 a recorded fault with number 0: its processor stood still
-- and the watchdog restarted it.
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
wait "4 s"
local ups, kwh, faults = m:read(152, "u16"), m.kwh_import, counter(12)
fault(m, "watchdog_starved", "5 s")
wait "4 s" -- the watchdog needs 0.7 to 1.9 s
expect(m:read(152, "u16"), ups + 1)
expect(counter(12), faults + 1)
expect(counter(13), 0)
expect(m.kwh_import >= kwh)
clear(m)
within("5 s", function() return m:read(28, "u16") == 6000 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
