-- In the field: the fuse of phase B has been taken out, and B still shows 277 V to neutral.
-- How to tell: A-B reads 0 V: a heater between A and B ties the floating conductor to A. Every load
-- on that conductor counts: lamps from B to N pull it down again.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
local delta = meter { name = "delta", system_type = 31, ct_primary = 200, system_voltage = 480 }
local volts = 480 / 3 ^ 0.5
grid { hz = 60, volts_ll = 480 }
wait "3 s"
expect(m.alerts, 0)

-- Nothing hangs there but the meters' inputs: to N they pull it to 0; without N it goes to where
-- no current flows, half way between A and C.
grid { loss = { B = "floating" } }
wait "3 s"
expect(m.v_bn, near(0, "10 mV"))
expect(m.alerts & 0x700, 0x200)
expect(delta.v_ab, near("240 V", "0.02 %"))
expect(delta.v_bc, near("240 V", "0.02 %"))

add_load(m, "resistor", { amps = 10, connection = "ab" }) -- 48 ohm
wait "3 s"
expect(m.v_bn, near(volts, "0.02 %"))
expect(m.v_ab, near(0, "20 mV"))
expect(m.i_b, 0)
expect(m.alerts & 0x700 ~= 0) -- not for B alone: A-B is what is lost
expect(m.freq, near("60 Hz", "5 mHz"))

add_load(m, "resistor", { amps = 10, phases = "B" }) -- 27.7 ohm: both in series from A to N
wait "3 s"
expect(m.v_bn, near(volts / (1 + 3 ^ 0.5), "0.02 %"))
expect(m.i_a, near(volts / (48 + volts / 10), "0.02 %"))
expect(m.kw_total, near(volts ^ 2 / (48 + volts / 10) / 1000, "0.02 %"))

grid { loss = {} }
wait "3 s"
expect(m.v_bn, near(volts, "0.02 %"))
expect(m.alerts, 0)
