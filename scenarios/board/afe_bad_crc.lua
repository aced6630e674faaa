-- In the field: readings are a little off, and later gone.
-- How to tell: 0x42 counts damaged sets: one of ten has another in its place; when all are damaged there is no
-- reading, whatever the last one was.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
fault(m, "afe_bad_crc", 10)
wait "2.5 s"
expect(m:counters().sets_damaged > 300) -- told once a second
expect(m.kw_total > 60 and m.kw_total < 62)
expect(m.alerts, 0)
fault(m, "afe_bad_crc", 1)
wait "3 s"
expect(m.alerts, 0xC0)
expect(m:read(28), 0x8000)
clear(m)
within("7 s", function() return m.alerts == 0 and m:read(28, "u16") == 6000 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
