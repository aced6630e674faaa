-- In the field: a fuse has blown and motors hum, but the phase still shows half of its voltage.
-- How to tell: B-N, A-B and B-C are all half: a delta load feeds the dead conductor from the other
-- two. That is far above the 10 % of register 142: the imbalance limit raises the alarm.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
add_load("resistor", { amps = 40, connection = "delta" })
wait "3 s"
expect(m.kw_total, near(3 * 0.48 * 40, "0.02 %"))
expect(m.alerts, 0)

grid { loss = { B = "floating" } } -- the load alone decides
wait "3 s"
local half = 240 / 3 ^ 0.5
expect(m.v_bn, near(half, "0.02 %"))
expect(m.v_ab, near("240 V", "0.02 %"))
expect(m.v_bc, near("240 V", "0.02 %"))
expect(m.v_ac, near("480 V", "0.02 %"))
expect(m.i_b, 0)
expect(m.kw_total, near(1.5 * 0.48 * 40, "0.02 %")) -- C-A whole, A-B and B-C in series
expect(m.alerts & 0x700, 0x200)
expect(m.led_red)

m:write(143, 99) -- without the test of imbalance nobody would know
wait "3 s"
expect(m.alerts & 0x700, 0)
m:write(143, 25)

-- The same from a transformer behind the meter.
grid { loss = { B = "backfed" } }
wait "3 s"
expect(m.v_bn, near(half, "0.02 %"))
expect(m.v_ab, near("240 V", "0.02 %"))

grid { loss = {} }
wait "3 s"
expect(m.v_bn, near(2 * half, "0.02 %"))
expect(m.alerts, 0)
