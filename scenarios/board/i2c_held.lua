-- In the field: the display stood still for a second.
-- How to tell: a disturbance left its controller in the middle of a byte: nine clocks free the bus.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
fault(m, "i2c_held", 9)
wait "3 s"
clear(m)
wait "2 s"
expect(m.alerts, 0)
fault(m, "i2c_held", 1000000) -- for ever: told, and the rest works
wait "4 s"
expect(m.alerts, 0x80)
expect(m:counters().faults.display, true)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
clear(m)
within("3 s", function() return m.alerts == 0 end)
