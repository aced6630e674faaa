-- In the field: phase C shows its voltage but no current.
-- How to tell: I, kW, kvar and kVA of C are 0, its power factor is 1, voltages are right: a CT lead is off.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = { 80, 70, 60 }, pf = 0.92 }
wait "3 s"
expect(m.i_c, near("60 A", "0.02 %"))

fault(m, "ct_open", "C")
wait "3 s"
expect(m.i_c, 0)
expect(m.kw_c, 0)
expect(m.kvar_c, 0)
expect(m.kva_c, 0)
expect(m.pf_c, 1)
expect(m.v_cn, near(480 / 3 ^ 0.5, "0.02 %"))
expect(m.i_avg, near((80 + 70) / 3, "0.02 %"))
expect(m.kw_total, near(0.48 / 3 ^ 0.5 * (80 + 70) * 0.92, "0.02 %"))
expect(m.alerts, 0) -- a missing current is no alarm

local before = m.kwh_import_c
wait "10 s"
expect(m.kwh_import_c, before) -- and it is not billed
