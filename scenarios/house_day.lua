-- In the field: a house with photovoltaics and a car charger: how much is import, how much export in a day?
-- How to tell: import at night and while the car charges, export at noon; net is their difference. The
-- day is played in four minutes: 24 h = 240 s.
local m = meter { system_type = 12, ct_primary = 200, system_voltage = 240 }
grid { hz = 60, volts_ll = 240 }
monotonic(function() return m.kwh_import end)
monotonic(function() return m.kwh_export end)
conserved(function() return m.kwh_net - m.kwh_import + m.kwh_export end, "1 Wh")
wait "1 s"
add_load("resistor", { kw = 0.6 })
add_load("solar", { kw = 6, day = "240 s", rise = "60 s", set = "180 s" })
add_load("vehicle", { kw = 7, at = "190 s", ramp = "1 s", hold = "20 s", time_constant = "5 s" })

wait "30 s" -- three in the morning
expect(m.kw_total, near("0.6 kW", "0.1 %"))
expect(m.kwh_export, 0)
wait "90 s" -- noon
expect(m.kw_total, near("-5.4 kW", "0.2 %"))
expect(m.pf_total < -0.99)
wait "85 s" -- the car charges
expect(m.kw_total, near("7.6 kW", "0.5 %"))
wait "36 s"
-- energy against the wave; half a sine of 6 kW over 120 s is 6 · 120 · 2/π kWs
expect(m.kwh_import, near(m:truth().kwh_import, "0.5 %"))
expect(m.kwh_export, near(m:truth().kwh_export, "0.5 %"))
expect(m.kwh_export > 0.06 and m.kwh_import > 0.05)
