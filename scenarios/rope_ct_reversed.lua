-- In the field: on a Series 4000-R a rope CT is mounted against its arrow; no reading shows it.
-- How to tell: kW, PF and kWh of this model are magnitudes; only the arrow on the rope shows the difference.
local m = meter { model = "s4000r", system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 59.9, volts_ll = 480 }
load { amps = 80, pf = 0.5 } -- where an integrator that is not compensated costs 0.86 %

wait "3 s"
local kw = 80 * 480 / math.sqrt(3) * 0.5 / 1000
expect(m.kw_b, near(kw, "0.01 %"))
expect(m.kw_total, near(3 * kw, "0.01 %"))
expect(m.kvar_total, near(3 * kw * math.sqrt(3), "0.02 %"))
expect(m.pf_total, near(0.5, 0.0001))

fault(m, "ct_reversed", "B")
wait "3 s"
expect(m.kw_b, near(kw, "0.01 %"))
expect(m.kw_total, near(3 * kw, "0.01 %"))
expect(m:read(3), "u16", 3325) -- the total, unsigned, in 10 W
expect(m:read(261, "f32"), near(3 * kw, "0.01 %"))
expect(m.alerts & 0x07FF, 0) -- no alert of voltage, current, frequency, phase

-- What the S4100 calls export counts as consumption here.
load { amps = 80, pf = -1 }
wait "3 s"
expect(m.kw_total, near(6 * kw, "0.01 %"))
expect(m.pf_total, near(1, 0.0001))
