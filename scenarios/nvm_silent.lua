-- In the field: the meter reads well but refuses every setting with exception 04; the wrench icon shows.
-- How to tell: bit 7 of register 146: the memory chip is silent. Energy is stored once the chip answers
-- again; a power cycle before that loses it, and the meter then knows no settings.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
expect(m.alerts, 0)

fault(m, "nvm_silent")
within("2 s", function() return m.alerts == 0x80 end)
expect(m.kw_total, near("61.19 kW", "0.1 %"))
expect((select(2, m:try_write(142, 20))), 4)
expect(m:read(142), "u16", 10)
local counted = m.kwh_import
wait "10 s"
expect(m.kwh_import - counted, near(61.19 * 10 / 3600, "1 %"))
counted = m.kwh_import

-- the chip answers: all is kept
clear(m, "nvm_silent")
within("2 s", function() return m.alerts == 0 end)
m:write(142, 20)
power(m, "off")
wait "1 s"
power(m, "on")
wait "2 s"
expect(m.kwh_import >= counted)
expect(m:read(142), "u16", 20)

-- started without it: nothing is answered but the alerts, and nothing is overwritten
counted = m.kwh_import
power(m, "off")
wait "0.2 s" -- longer than it rides through
fault(m, "nvm_silent")
power(m, "on")
wait "3 s"
expect(m:read(146), "u16", 0x80)
expect((select(2, m:try_read(3, 2))), 4)
clear(m, "nvm_silent")
wait "3 s"
expect(m.alerts, 0)
expect(m.kwh_import >= counted)
