-- In the field: the lights of the meter blinked.
-- How to tell: POWER_GOOD bounced: energy was stored, the display was dark until it had been good for 50 ms.
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
local kwh = m.kwh_import
fault(m, "power_good_bounces", "30 ms")
wait "3 s"
clear(m)
expect(counter(11), 1)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
expect(m.kwh_import - kwh, near(61.19 * 3 / 3600, "3 %"))
