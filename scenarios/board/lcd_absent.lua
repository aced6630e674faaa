-- In the field: the display is dark; the meter answers.
-- How to tell: bit 7 of register 146, bit 3 of the faults in 0x42: the controller of the display does not
-- answer.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
fault(m, "lcd_absent")
wait "3 s"
expect(m.alerts, 0x80)
expect(m:counters().faults.display, true)
expect(m.lcd.top, "")
expect(not m.lcd.icons.wrench)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
clear(m)
within("4 s", function() return m.alerts == 0 end)
