-- In the field: nothing, but for a counter.
-- How to tell: the signal of a sample set does not reach the processor now and then: the set is read with the
-- next one, and energy stays right.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local kwh = m.kwh_import
fault(m, "afe_edge_lost", 50)
wait "4 s"
expect(m:counters().sets_late > 150)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
expect(m.kwh_import - kwh, near(61.19 * 4 / 3600, "2 %"))
expect(m.freq, near("60 Hz", "0.05 %"))
