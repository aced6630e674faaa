-- In the field: one phase reads 0 V, two phases read 400 V to earth, and production runs on.
-- How to tell: all line voltages and kW are as before: one conductor touches earth in an isolated grid.
-- At a lost phase the line voltages fall, too.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 400 }
grid { hz = 50, volts_ll = 400 }
load { amps = 40, pf = 1 }
wait "3 s"
local kw = m.kw_total
fault(m, "earth_fault", "C", { duration = "10 s" })
wait "3 s"
expect(m.v_cn, 0)
expect(m.v_an, near("400 V", "0.02 %"))
expect(m.v_bn, near("400 V", "0.02 %"))
for _, name in ipairs { "v_ab", "v_bc", "v_ac" } do
    expect(m[name], near("400 V", "0.02 %"))
end
expect(m.kw_total, near(kw, "0.05 %"))
expect(m.alerts & 0x400, 0x400) -- by L-N, it takes C for lost
wait "10 s"
expect(m.v_cn, near(400 / 3 ^ 0.5, "0.02 %"))
expect(m.alerts, 0)
