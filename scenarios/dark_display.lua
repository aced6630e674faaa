-- In the field: the display stays blank after control power was connected; another meter blinks on and off.
-- How to tell: its control power is taken from A-B, behind the fuses of the voltage inputs, and a fuse is
-- blown or the tap is below 90 V: no heart on the glass, no answer on the bus, alarm contact closed.
local m = meter { address = 1, control = "A-B", ct_primary = 200, system_voltage = 208 }
local healthy = meter { address = 2, control = "A-B", ct_primary = 200, system_voltage = 208 }
grid { hz = 60, volts_ll = 208 }
load { amps = 80, pf = 0.92 }
local bus = line {}
fault(m, "pt_fuse", "A")
wait "3 s"
expect(not m.powered)
expect(m.lcd.top, "")
expect(m.alarm_contact) -- normally closed: no control power raises the alarm as well
local _, why = bus:try_read(1, 21)
expect(why, "timeout")
expect(healthy.powered)
eventually(function() return healthy.lcd.icons.heart end, "2 s")

clear(m)
wait "0.9 s" -- with 208 V again it starts after a second
expect(not m.powered)
wait "3 s"
expect(m.powered)
expect(bus:read(1, 21), "s16", m:read(21, "s16"))

-- A transformer's wrong tap: 83 V. The voltages that the meter measures are healthy.
fault(m, "control_low", "60 %")
wait "0.5 s"
expect(not m.powered)
clear(m)
wait "3 s"
expect(m.v_ab, near("208 V", "0.02 %"))

-- Sags of the supply that it measures now switch it off, but not short ones: 208 V last for 0.3 s.
local starts = m:read(152, 1)[1]
event("interruption", { duration = "0.25 s" })
wait "3 s"
expect(m:read(152, 1)[1], starts)
event("interruption", { duration = "0.4 s" })
wait "5 s"
expect(m:read(152, 1)[1], starts + 1)
