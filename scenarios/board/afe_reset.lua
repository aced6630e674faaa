-- In the field: nothing, but for a counter.
-- How to tell: a disturbance has reset the front end, which was started anew (0x42: starts). Currents are
-- never read four times too small in between.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local starts = m:counters().starts
fault(m, "afe_reset")
wait "1.2 s"
expect(m:counters().starts, starts + 1)
expect(m.kw_total > 59 and m.kw_total < 62)
clear(m)
within("5 s", function() return m.alerts == 0 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
