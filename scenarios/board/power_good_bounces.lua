-- In the field: the lights of the meter blinked.
-- How to tell: POWER_GOOD bounced: energy was stored, the display was dark until it had been good for 50 ms.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local kwh = m.kwh_import
fault(m, "power_good_bounces", "30 ms")
wait "3 s"
clear(m)
expect(m:counters().supply_failures, 1)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
expect(m.kwh_import - kwh, near(61.19 * 3 / 3600, "3 %"))
