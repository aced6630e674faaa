-- In the field: kW is far too low at a good load, the power factor of two phases is near 0.5 of either sign.
-- How to tell: the CTs of A and B are swapped: A's current reads at -120 and B's at +120 degrees. kW of A and B
-- fall, their kvar are large and opposite, C is sound. A reversed CT only changes a sign.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 1 }

wait "3 s"
local kw = 80 * 480 / math.sqrt(3) / 1000
expect(m.kw_total, near(3 * kw, "0.02 %"))

fault(m, "ct_swapped", "A", 2)
fault(m, "ct_swapped", "B", 1)
wait "3 s"
expect(m.kw_a, near(-kw / 2, "0.02 %"))
expect(m.kw_b, near(-kw / 2, "0.02 %"))
expect(m.kw_c, near(kw, "0.02 %"))
expect(m.kw_total, near(0, "10 W"))
expect(m.kvar_a, near(kw * math.sqrt(3) / 2, "0.02 %"))
expect(m.kvar_b, near(-kw * math.sqrt(3) / 2, "0.02 %"))

clear(m)
fault(m, "ct_reversed", "A")
wait "3 s"
expect(m.kw_a, near(-kw, "0.02 %")) -- whole, only turned
expect(m.pf_a, near(-1, 0.0001))
expect(m.kvar_a, near(0, "10 var"))
