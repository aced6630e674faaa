-- In the field: the maintenance wrench is lit on the display.
-- How to tell: the menu ALERT or register 146 names the input: here a current above the range of CT B, then a
-- voltage above that of input A. The wrench goes when the cause does; the red LED is for phase loss alone.
local m = meter { ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = { 80, 160, 80 }, pf = 0.92 }
wait "3 s"
expect(m.lcd.icons.wrench)
expect(m.alerts, 0x10) -- bit 4: current B
expect(m:read(146), "u16", 0x10)
expect(not m.led_red)

load { amps = 80, pf = 0.92 }
wait "3 s"
expect(m.alerts, 0)
expect(not m.lcd.icons.wrench)

grid { volts = { 460, 277, 277 } }
wait "3 s"
expect(m.alerts & 0x3F, 1) -- bit 0: voltage A
expect(m.lcd.icons.wrench)
grid { volts_ll = 480 }
wait "3 s"
expect(m.alerts, 0)
