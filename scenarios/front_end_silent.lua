-- In the field: kW, volts and amperes read NaN or 0x8000, the display shows dashes; energy stands still.
-- How to tell: bits 6 and 7 of register 146 are set, ALERT shows FAULT, the alarm contact is closed: the
-- meter's front end delivers nothing. The clock and the logs go on, entries read 0x8000.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
local dead = 0 / 0
local function none(x) return x ~= x end
expect(none(m.kw_total)) -- before the first second there is no reading, not 0
expect(m:read(21), 0x8000)
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
m:write(150, 60)
m:write(169, 21) -- log 1: kW
m:write(170, 146)
wait "30 s"
local kwh, day = m.kwh_import, m:read(155, 3)

fault(m, "adc_lost", 1)
grid { volts_ll = 0 }
wait "0.9 s"
expect(m.kw_total, near("61.19 kW", "0.1 %"))
wait "10 min"
expect(none(m.kw_total))
expect(none(m.freq))
expect(none(m.kw_demand_present))
expect(m:read(21), 0x8000)
expect(m:read(277, "u32"), 0x7FC00000)
expect(m:read(40088), 0x8000)
expect(m.alerts, 0xC0)
expect(m.alarm_contact)
expect(m.kwh_import - kwh < 61.19 / 3600) -- of less than a second
expect(m:read(163), 10)
m:write(158, 1)
expect(m:read(8000), 0x8000)
m:write(158, 2)
expect(m:read(8000), 0xC0)
m:write(158, 0)

clear(m)
grid { volts_ll = 480 }
wait "3 s"
expect(m.kw_total, near("61.19 kW", "0.1 %"))
expect(m.alerts, 0)
local lost = m:counters()
expect(lost.gaps == 0 and lost.gap_ms == 0 and lost.late_blocks == 0, "no short gaps")
expect(lost.silent_seconds, 600)

fault(m, "adc_lost", 1) -- shorter than a second: lost time, which is counted
wait "0.5 s"
clear(m)
wait "3 s"
expect(m.alerts, 0)
expect(m:counters().gaps, 1)
