-- In the field: at noon kW and the power factor are negative: the photovoltaics give more than the house takes.
-- How to tell: export counts, import stands still, net falls. Nothing is wired wrongly.
local m = meter { system_type = 12, ct_primary = 200, system_voltage = 240 }
grid { hz = 60, volts_ll = 240 }
load { kw = 5, pf = 0.98 }

wait "3 s"
expect(m.kw_total, near("5 kW", "0.02 %"))
expect(m.v_an, near("120 V", "0.02 %"))
expect(m.v_ab, near("240 V", "0.02 %"))
expect(no_reading(m.v_cn) and no_reading(m.kw_c)) -- two legs: there is no phase C

load { kw = -7.5, pf = 1 }
wait "3 s"
local import, export, net = m.kwh_import, m.kwh_export, m.kwh_net
always(function() return m.kwh_import == import end)
expect(m.kw_total, near("-7.5 kW", "0.02 %"))
expect(m.kw_a, near("-3.75 kW", "0.02 %"))
expect(m.pf_total, near(-1, 0.0005))
expect(m.i_a, near(3750 / 120, "0.02 %"))

wait "60 s"
expect(m.kwh_export - export, near(7.5 / 60, "0.02 %"))
expect(m.kwh_net - net, near(-7.5 / 60, "0.02 %"))
expect(m.kvar_total, near(0, "5 var"))
expect(m:read(21, "s16") < 0)
