-- A day of a workshop with solar panels on its roof: what a report looks like. In the night a fuse
-- of phase B goes, at noon the panels export, in the afternoon somebody turns a CT around.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
event("hz_ramp", { hz = 59.95, rate = "0.001 Hz/s", at = "5 h" })
event("hz_ramp", { hz = 60.02, rate = "0.001 Hz/s", at = "18 h" })
add_load("profile", { file = "day.csv" })
watch(m, 21, "s16", "kW x 10^-2")
watch(m, 146, "u16", "alerts")

wait "3 h"
fault(m, "phase_loss", "B", { duration = "50 min" })
within("3 s", function() return m.alerts & 0x200 ~= 0 end)
wait "4 h"
add_load("motor", { kw = 30, pf = 0.85, start_multiple = 6 })
wait "2 h"
event("sag", { phases = "C", percent = 60, duration = "20 s" })
wait "3 h"
expect(m.kw_total < 0, "at noon the panels give more than the workshop takes")
wait "3.5 h"
fault(m, "ct_reversed", "A", { duration = "75 min" })
within("3 s", function() return m.kw_a * m.kw_b < 0 end)
wait "8.5 h"
expect(m.kwh_import > m.kwh_export)
expect(m.alerts & 0x700, 0)
