-- Sample sets that do not come: on the image DRDY stops, on the linked core they are left out. board_faults.sh
-- runs it on both.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local kwh = m.kwh_import
fault(m, "adc_lost", 1)
wait "3 s"
expect(m.alerts, 0xC0)
expect(m:read(21), 0x8000)
expect(m.alarm_contact)
expect(m.kwh_import - kwh < 61.19 / 3600)
clear(m)
wait "4 s"
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.1 %"))
