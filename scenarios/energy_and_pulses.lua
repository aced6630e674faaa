-- In the field: the pulse recorder and the meter disagree in kWh; does the recorder miss pulses?
-- How to tell: after an hour at 36 kW there are 36 kWh, and 3600 pulses of 10 Wh.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480,
                  pulse_energy = 10, demand_subinterval_s = "15 min" }
grid { hz = 60, volts_ll = 480 }
load { kw = 36, pf = 0.9 }

wait "1 h"
local exact = m:truth().kwh_import
expect(exact, near("36 kWh", "1 ppm"))
-- readings may lack the last block of samples: 1/60 s
expect(m.kwh_import, near(36, "0.02 %"))
expect(m.kwh_export, 0)
expect(m.kwh_net, m.kwh_import)
expect(m.kwh_import_a, near("12 kWh", "0.02 %"))
expect(m.kvarh_q1, near(36 / 0.9 * (1 - 0.81) ^ 0.5, "0.05 %"))
expect(m.kvah_import, near("40 kVAh", "0.02 %"))
expect(m.kw_demand_present, near("36 kW", "0.02 %"))
expect(m.pulse_count_1, near(3600, 2))
expect(m.energy_closures, near(3600, 12)) -- spread over the second that follows
expect(m.pulse_count_2, 0)
expect(m:read(3), "u32", near(3600, 1)) -- 0.01 kWh
