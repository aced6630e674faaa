-- In the field: an isolated works grid; two phases read 400 V against earth, production runs on.
-- How to tell: one phase reads 0 V and the others the line voltage, but all line voltages and kW are as ever, and
-- nothing is lost: the conductor touches earth. At a lost phase the line voltages fall, too.
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
