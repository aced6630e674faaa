-- In the field: on cold mornings the meter has no readings for some seconds after power comes.
-- How to tell: it answers at once, with bits 6 and 7 of register 146: its crystal starts late.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
fault(m, "crystal_late", "4 s")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m.alerts, 0xC0)
expect(m:counters().faults.crystal, true)
within("5 s", function() return m.alerts == 0 and m:read(28, "u16") == 6000 end)
expect(m:counters().faults.crystal, false)
expect(m:counters().faults_seen.crystal, true) -- it had been so
expect(m.kw_total, near("61.19 kW", "0.2 %"))
