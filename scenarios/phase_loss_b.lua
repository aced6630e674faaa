-- In the field: motors hum, the red alarm LED is lit: a fuse of phase B has blown.
-- How to tell: B-N reads 0 V, A-B and B-C fall to 58 %, bit 9 of 146 is set, the alarm contact closes.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
expect(m.alerts, 0)
expect(m.alarm_contact, false)

fault(m, "phase_loss", "B", { duration = "5 s" })
within("2 s", function() return m.alerts & 0x200 ~= 0 end)
wait "2 s"
expect(m.v_bn, near(0, "10 mV"))
expect(m.v_an, near(480 / 3 ^ 0.5, "0.02 %"))
expect(m.v_ab, near(480 / 3 ^ 0.5, "0.02 %")) -- B's conductor is at the neutral's level
expect(m.v_ac, near("480 V", "0.02 %"))
expect(m.kw_b, 0)
expect(m.i_b, 0)
expect(m.kw_total, near(2 * 0.48 / 3 ^ 0.5 * 80 * 0.92, "0.02 %"))
expect(m.freq, near("60 Hz", "5 mHz"))
expect(m.alerts & 0x700, 0x200)
expect(m.led_red)
expect(m.alarm_contact)
expect(m:read(146, "u16"), m.alerts)

wait "5 s" -- the fuse is replaced
expect(m.alerts, 0)
expect(m.led_red, false)
expect(m.alarm_contact, false)
expect(m.v_bn, near(480 / 3 ^ 0.5, "0.02 %"))
