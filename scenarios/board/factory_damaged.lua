-- In the field: the wrench shows; INFO has serial number 0.
-- How to tell: bit 7 of register 146, bit 5 of the faults in 0x42: the block of the factory is damaged.
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
wait "2 s"
fault(m, "factory_damaged")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m.alerts, 0x80)
expect(counter(4) & 32, 32)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
