-- In the field: a fuse of phase B has blown and a motor hums, yet the meter shows all three voltages; later B fades.
-- How to tell: B's current is 0. A motor that turns holds the open conductor near its
-- old voltage; as it slows, B falls through 0 and comes back as half of it, upside down.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = { 60, 60, 60 }, pf = 0.8 }
wait "3 s"
local healthy = 480 / 3 ^ 0.5
expect(m.alerts, 0)

-- Lightly loaded it goes on turning. No alert: 10 % of register 142 and 25 % of 143 are both far away.
grid { loss = { B = "motor" }, backfed = 0.9 }
wait "3 s"
expect(m.v_bn, near(0.9 * healthy, "0.02 %"))
expect(m.v_ab, near((1 + 0.9 + 0.81) ^ 0.5 * healthy, "0.02 %")) -- 456 V of 480 V
expect(m.v_ac, near("480 V", "0.02 %"))
expect(m.i_b, 0)
expect(m.alerts, 0)
expect(not m.led_red)

-- A fuse again, and this time the load stops it: with a time constant of 4 s.
grid { loss = {} }
wait "3 s"
grid { loss = { B = "motor" }, slows = "4 s" }
wait "1 s"
expect(m:truth().v_bn, near((1.4 * 2.718281828 ^ -0.25 - 0.5) * healthy, "0.1 %"))
wait "3.1 s" -- about ln(2.8) · 4 s after the loss B is at 0 V: like a dead phase
expect(m.v_bn < 0.2 * healthy)
eventually(function() return m.alerts & 0x200 ~= 0 end, "3 s")
expect(m.led_red)
wait "60 s" -- at rest it is a transformer
expect(m.v_bn, near(healthy / 2, "0.02 %"))
expect(m.v_ab, near("240 V", "0.02 %"))
