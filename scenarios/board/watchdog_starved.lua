-- In the field: the meter restarted by itself.
-- How to tell: register 152 counts a power-up, 0x42 a recorded fault with number 0: its processor stood still
-- and the watchdog restarted it.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "4 s"
local ups, kwh, faults = m:read(152, "u16"), m.kwh_import, m:counters().faults_recorded
fault(m, "watchdog_starved", "5 s")
wait "4 s" -- the watchdog needs 0.7 to 1.9 s
expect(m:read(152, "u16"), ups + 1)
expect(m:counters().faults_recorded, faults + 1)
expect(m:counters().last_fault, 0)
expect(m.kwh_import >= kwh)
clear(m)
within("5 s", function() return m:read(28, "u16") == 6000 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
