-- One grid, five meters: each sees its own part of it.
local an = meter { system_type = 10, system_voltage = 120, name = "a-n" }
local ab = meter { system_type = 11, system_voltage = 240 }
local abn = meter { system_type = 12, system_voltage = 240 }
local delta = meter { system_type = 31, system_voltage = 240 }
grid { hz = 50, volts_ll = 240 }
load { kw = 6, pf = "0.8 lag" }
local wye = meter { system_type = 40, system_voltage = 240 } -- gets the same grid and load
wait "3 s"

expect(an.v_an, near(240 / 3 ^ 0.5, "0.02 %"))
expect(no_reading(an.v_ab) and no_reading(an.kw_b))
expect(ab.v_ab, near("240 V", "0.02 %"))
expect(no_reading(ab.v_an))
expect(ab.i_a, near(6000 / 0.8 / 240, "0.02 %"))
expect(abn.v_ab, near("240 V", "0.02 %"))
expect(abn.v_bn, near("120 V", "0.02 %"))
expect(delta.v_bc, near("240 V", "0.02 %"))
expect(wye.v_cn, near(240 / 3 ^ 0.5, "0.02 %"))
for _, m in ipairs { an, ab, abn, delta, wye } do
    expect(m.kw_total, near(6, "0.02 %"))
    expect(m.pf_total, near(0.8, 0.0005))
    expect(m.freq, near("50 Hz", "5 mHz"))
    expect(m.kw_total, near(m:truth().kw_total, "0.02 %"))
    expect(m.kwh_import, near(m:truth().kwh_import, "3 %"))
end

-- one meter alone
grid(wye, { volts_ln = 100, sequence = "ACB" })
load(wye, { amps = { 10, 20, 30 }, lag_degrees = { 0, 60, -60 } })
load(abn, { amps = 10, between = "AB" })
wait "3 s"
expect(wye.v_an, near("100 V", "0.02 %"))
expect(wye.v_ab, near(100 * 3 ^ 0.5, "0.02 %"))
expect(wye.kw_b, near(1, "0.02 %"))
expect(wye.kvar_b, near(3 ^ 0.5, "0.05 %"))
expect(wye.kvar_c, near(-1.5 * 3 ^ 0.5, "0.05 %"))
expect(delta.v_bc, near("240 V", "0.02 %"))
expect(abn.kw_total, near("2.4 kW", "0.02 %"))
expect(tostring(an) == "a-n" and an.model == "s4100" and an.powered)
