-- In the field: phase B reads 0 V to earth, A and C read 480 V to earth; is phase B lost?
-- How to tell: all line voltages are 480 V, so it is a delta with one corner grounded. With type 31 the
-- meter has no neutral and shows a sound system; only to earth does B read 0 V.
local m = meter { system_type = 31, ct_primary = 100, system_voltage = 480 }
local wrong = meter { name = "as wye", system_type = 40, ct_primary = 100,
                      system_voltage = 480 }
grid { hz = 60, volts_ll = 480, kind = "corner" }
add_load("impedance", { amps = { 30, 20, 10 }, pf = 0.9, connection = "delta" })
wait "3 s"

expect(m.v_ab, near("480 V", "0.02 %"))
expect(m.v_bc, near("480 V", "0.02 %"))
expect(m.v_ac, near("480 V", "0.02 %"))
expect(no_reading(m.v_bn))
expect(m.kw_total, near(0.48 * 60 * 0.9, "0.02 %"))
expect(m.kvar_total, near(0.48 * 60 * (1 - 0.81) ^ 0.5, "0.05 %"))
expect(m.alerts, 0)

-- A meter of type 40 with its N at earth calls B lost, and A and C are too high for its inputs:
-- they clip, and kW come out too low.
expect(wrong.v_bn, near(0, "10 mV"))
expect(wrong.kw_b, near(0, "1 W"))
expect(wrong.alerts, 0x205)
expect(wrong.v_an < 460 and wrong.kw_total < 0.96 * m.kw_total)

-- On a system of 240 V it would show the same totals.
grid { volts_ll = 240 }
clear_loads()
add_load("impedance", { amps = { 30, 20, 10 }, pf = 0.9, connection = "delta" })
wait "3 s"
expect(m.kw_total, near(0.24 * 60 * 0.9, "0.02 %"))
expect(wrong.kw_total, near(0.24 * 60 * 0.9, "0.02 %"))
expect(wrong.v_cn, near("240 V", "0.02 %"))
