-- What the counters hold when a meter is made: totals and phases, of every kind.
local m = meter { ct_primary = 200, system_voltage = 480, kwh_import = "12 MWh", kwh_export = 3,
                  kvarh_q1 = 40, kvarh_q4 = "500 varh", kvah_import = 13000, kwh_import_b = 4000,
                  kvarh_q3_c = 7, kvah_export_a = "2 kVAh" }
grid { hz = 60, volts_ll = 480 }
wait "2 s"
expect(m.kwh_import, near(12000, 1e-6))
expect(m.kwh_export, near(3, 1e-6))
expect(m.kwh_net, near(11997, 1e-6))
expect(m.kvarh_q1, near(40, 1e-6))
expect(m.kvarh_q4, near(0.5, 1e-6))
expect(m.kvah_import, near(13000, 1e-6))
expect(m.kwh_import_b, near(4000, 1e-6))
expect(m.kwh_import_a, 0)
expect(m.kvarh_q3_c, near(7, 1e-6))
expect(m.kvah_export_a, near(2, 1e-6))
local before = now()
wait "0.0001 day"
expect(now() - before, near(8.64, 1e-6))
