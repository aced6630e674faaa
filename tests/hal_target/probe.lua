-- What every image must do: meter both CT ranges, show it, answer on the line, pulse, obey keys, keep
-- energy over a power cut. For mutations.sh.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
local bus = line { timeout = "300 ms" }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3.5 s"
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.1 %"))
expect(m.freq, near("60 Hz", "0.01 %"))
for _ = 1, 5 do expect(bus:read(1, 130), "u16", 40) end
expect(m.lcd.icons.heart or m.lcd.top ~= "")
expect(not m.alarm_contact)
local top = m.lcd.top
press(m, "-")
wait "0.3 s"
expect(m.lcd.top ~= top)
m:write(132, 3)
wait "2.5 s"
expect(m.kw_total, near("111.8 kW", "1 %")) -- 1-V CTs on the other input: beyond its end
local kwh, ups = m.kwh_import, m:read(152, "u16")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "0.1 s"
expect(m:read(152, "u16"), ups + 1)
expect(m.kwh_import >= kwh)
expect(m.kwh_import - kwh > 61 * 0.05 / 3600)
wait "3 s"
expect(m.alerts, 0x38)
