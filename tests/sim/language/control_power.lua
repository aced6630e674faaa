-- Control power that is wired to the meter's terminals, its ride-through, and a separate one.
local m = meter { name = "own", control = "A-B", ct_primary = 200, system_voltage = 208 }
local other = meter { name = "other", ct_primary = 200, system_voltage = 208 }
grid { hz = 60, volts_ln = 120 }
load { amps = 80, pf = 0.9 }
wait "3 s"
expect(m.powered and other.powered)
local starts = m:read(152, 1)[1]

-- 208 V: 0.3 s of ride-through
event("interruption", { duration = "0.25 s" })
wait "3 s"
expect(m:read(152, 1)[1], starts)
event("interruption", { duration = "0.5 s" })
wait "0.28 s"
expect(m.powered)
wait "0.05 s"
expect(not m.powered)
expect(m.alarm_contact)
expect(other.powered)
wait "0.9 s" -- the grid is back since 0.73 s
expect(not m.powered)
wait "0.4 s"
expect(m.powered)
wait "2 s"
expect(m:read(152, 1)[1], starts + 1)
expect(m.v_ab, near(120 * 3 ^ 0.5, "0.02 %"))

-- 89 V are too little, 91 V are enough.
grid { volts_ln = 91 / 3 ^ 0.5 }
wait "5 s"
expect(m.powered)
grid { volts_ln = 89 / 3 ^ 0.5 }
wait "0.5 s"
expect(not m.powered)
grid { volts_ln = 120 }
wait "2 s"
expect(m.powered)

-- A fuse, and a tap of the transformer. What only the meter's amplifier does, it does not feel.
fault(m, "adc_dead_v", "all")
wait "3 s"
expect(m.powered)
clear(m)
fault(m, "pt_fuse", "A")
wait "1 s"
expect(not m.powered)
clear(m)
wait "2 s"
expect(m.powered)
fault(m, "control_low", "60 %") -- 83 V
wait "1 s"
expect(not m.powered)
clear(m)
wait "2 s"
expect(m.powered)

-- A separate supply has 120 V.
fault(other, "control_low", "24 %")
wait "1 s"
expect(other.powered)
fault(other, "control_low", "30 %")
wait "90 ms"
expect(other.powered)
wait "20 ms"
expect(not other.powered)
clear(other)
expect(other.powered)

-- power() is the switch before the supply.
wait "2 s"
starts = other:read(152, 1)[1]
power(other, "off")
wait "80 ms"
power(other, "on")
wait "2 s"
expect(other:read(152, 1)[1], starts)
power(other, "off")
wait "120 ms"
expect(not other.powered)
power(other, "on")
wait "2 s"
expect(other:read(152, 1)[1], starts + 1)
