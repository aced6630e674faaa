-- In the field: nothing.
-- How to tell: bit 7 of the faults in 0x42 after a power-up: the battery is empty, records of faults are lost with
-- control power.
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
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "4 s"
expect(counter(4) & 128, 0) -- it has kept the time
fault(m, "rtc_battery")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "4 s"
expect(counter(4) & 128, 128)
expect(m.alerts, 0)
