-- In the field: the readings are gone and the wrench shows; the meter answers.
-- How to tell: bits 6 and 7 of register 146, bit 0 of the faults in 0x42: its crystal does not swing, so nothing is
-- metered rather than something wrong. It recovers by itself.
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
expect(m.alerts, 0)
fault(m, "crystal_stopped")
wait "3 s"
expect(m.alerts, 0xC0)
expect(m:read(28), 0x8000)
expect(counter(4) & 1, 1)
local kwh = m.kwh_import
wait "2 s"
expect(m.kwh_import, kwh)
clear(m)
within("6 s", function() return m.alerts == 0 and m:read(28, "u16") == 6000 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
