-- In the field: the display stays dark when a key is pressed, or a light does; the rest works.
-- How to tell: registers are right, and the glass can be read by a torch.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2 s"
press(m, "back")
expect(m.backlight)
fault(m, "led_dead", 3)
press(m, "back")
expect(not m.backlight)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
fault(m, "led_dead", 1)
press(m, "back")
expect(m.backlight)
