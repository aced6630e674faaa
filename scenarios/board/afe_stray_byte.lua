-- In the field: nothing, but for a counter.
-- How to tell: a byte stood in the SPI of the front end: 10 ms of damaged frames, one start (0x42).
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local starts = m:counters().starts
fault(m, "afe_stray_byte")
wait "1.2 s"
expect(m:counters().starts <= starts + 1)
expect(m:counters().sets_damaged > 0)
clear(m)
within("5 s", function() return m.alerts == 0 end)
local damaged = m:counters().sets_damaged
wait "1.5 s"
expect(m:counters().sets_damaged, damaged)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
