-- In the field: a new meter on 480 V with 80 A per phase; does it show what it should?
-- How to tell: kW is √3·V·A·PF, every phase has a third of it, no alarm is shown.
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }

always(function() return m.kwh_import >= 0 and m.kwh_export == 0 end)
wait "3 s"

expect(m.v_an, near(480 / 3 ^ 0.5, "0.02 %"))
expect(m.v_bn, near(480 / 3 ^ 0.5, "0.02 %"))
expect(m.v_cn, near(480 / 3 ^ 0.5, "0.02 %"))
expect(m.v_ab, near("480 V", "0.02 %"))
expect(m.vll_avg, near("480 V", "0.02 %"))
expect(m.i_a, near("80 A", "0.02 %"))
expect(m.i_avg, near("80 A", "0.02 %"))
expect(m.kw_total, near(3 ^ 0.5 * 0.48 * 80 * 0.92, "0.02 %"))
expect(m.kw_b, near(0.48 / 3 ^ 0.5 * 80 * 0.92, "0.02 %"))
expect(m.kva_total, near(3 ^ 0.5 * 0.48 * 80, "0.02 %"))
expect(m.kvar_total, near(3 ^ 0.5 * 0.48 * 80 * (1 - 0.92 ^ 2) ^ 0.5, "0.05 %"))
expect(m.pf_total, near(0.92, 0.0005))
expect(m.freq, near("60 Hz", "5 mHz"))
expect(m.alerts, 0)

-- the same through Modbus: integers by their exponents, and the floats
expect(m:read(21), "s16", near(6119, 2)) -- 0.01 kW
expect(m:read(28), "u16", 6000)          -- 0.01 Hz
expect(m:read(277, "f32"), near(m.kw_total, "1 ppm"))
expect(m:read(140, "s16"), -2)           -- exponent of W
