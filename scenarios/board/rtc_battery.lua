-- In the field: nothing.
-- How to tell: bit 7 of the faults in 0x42 after a power-up: the battery is empty, records of faults are lost with
-- control power.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "4 s"
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "4 s"
expect(m:counters().faults.battery, false) -- it has kept the time
fault(m, "rtc_battery")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "4 s"
expect(m:counters().faults.battery, true)
expect(m.alerts, 0)
