-- In the field: kW and volts are off by the same whole factor although the CTs are right.
-- How to tell: V reads off by the same factor as kW, on the phases with that PT; A is right. A wrong CT
-- shows in A and not in V.
local m = meter { system_type = 40, ct_primary = 200, pt_ratio = 4, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
truth(m, "0.2S")
local v, kw = m.v_an, m.kw_a

case "all three of 2 : 1 instead of 4 : 1" (function()
    fault(m, "pt_wrong_ratio", "all", 0.5)
    wait "3 s"
    expect(m.v_an, near(2 * v, "0.02 %"))
    expect(m.kw_total, near(6 * kw, "0.02 %"))
    expect(m.i_a, near("80 A", "0.02 %"))
end)
case "one of 5 : 1" (function()
    fault(m, "pt_wrong_ratio", "B", 1.25)
    wait "3 s"
    expect(m.v_bn, near(v * 0.8, "0.02 %"))
    expect(m.kw_b, near(kw * 0.8, "0.02 %"))
    expect(m.v_an, near(v, "0.02 %"))
end)
case "a wrong CT instead" (function()
    fault(m, "ct_wrong_ratio", "B", 1.25)
    wait "3 s"
    expect(m.v_bn, near(v, "0.02 %"))
    expect(m.i_b, near(80 * 0.8, "0.02 %"))
    expect(m.kw_b, near(kw * 0.8, "0.02 %"))
end)
