-- In the field: the utility bills more import kWh than the house's net consumption of the day.
-- How to tell: import and export are counted separately; only their difference is the day's
-- balance. A day from profile_day.csv, in five minutes.
local m = meter { system_type = 40, ct_primary = 50, system_voltage = 208 }
grid { hz = 60, volts_ll = 208 }
add_load("profile", { file = "profile_day.csv", day = "5 min" })

-- kWs of three phases: areas under the straight lines, split where they cross zero
local import = 3 * (60 * 1 + 30 * 2 + 18 * 3 / 2 + 15 * 2 / 2 + 60 * 3 + 30 * 2.5)
local export = 3 * (12 * 2 / 2 + 60 * 2 + 15 * 2 / 2)

wait "30 s"
expect(m.kw_total, near("3 kW", "0.02 %"))
expect(m.pf_total, near(0.95, 0.0005))
wait "120 s"
expect(m.kw_total, near("-6 kW", "0.02 %"))
expect(m.pf_total, near(-1, 0.0005))
wait "150 s"
local t = m:truth()
expect(t.kwh_import, near(import / 3600, "0.05 %"))
expect(t.kwh_export, near(export / 3600, "0.05 %"))
wait "1 s" -- the next day has begun: 3 kW
expect(m.kwh_import, near((import + 3) / 3600, "0.1 %"))
expect(m.kwh_export, near(export / 3600, "0.1 %"))
expect(m.kwh_net, near((import + 3 - export) / 3600, "0.2 %"))
