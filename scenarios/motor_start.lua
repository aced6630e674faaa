-- In the field: the demand recorder never shows the six-fold inrush current of the pump.
-- How to tell: the inrush is over within two results. Its energy is counted, but a demand
-- interval hardly shows it.
local m = meter { system_type = 40, ct_primary = 400, system_voltage = 480,
                  demand_subinterval_s = 60 }
grid { hz = 60, volts_ll = 480 }
wait "3 s"

local run, tau = 50 / 0.85 / (3 ^ 0.5 * 0.48), 0.5 -- A
local before = m:truth().kwh_import
add_load("motor", { kw = 50, pf = 0.85, start_multiple = 6, start_pf = 0.3,
                    time_constant = "0.5 s" })
expect(m:truth().i_a, near(6 * run, "0.1 %"))
wait "1.5 s"
expect(m.i_a > 2 * run and m.i_a < 6 * run, "the first result has the inrush")
wait "3 s"
expect(m.i_a, near(run, "1 %"))
wait "25.5 s"
expect(m.i_a, near(run, "0.02 %"))
expect(m.kw_total, near("50 kW", "0.02 %"))
expect(m.pf_total, near(0.85, 0.0005))

-- above 50 kW by (6 · 0.3 − 0.85) of kVA, decaying with tau
local extra = 50 / 0.85 * (6 * 0.3 - 0.85) * tau / 3600
expect(m:truth().kwh_import - before, near(50 * 30 / 3600 + extra, "20 ppm"))

wait "90 s"
expect(m.kw_demand_present, near("50 kW", "0.05 %"))
clear_loads()
wait "2 s" -- the meter has counted all of it
expect(m.kwh_import - before, near(50 * 120 / 3600 + extra, "0.01 %"))
