-- In the field: the readings are gone; energy stands still.
-- How to tell: bits 6 and 7 of register 146, bit 1 of the faults in 0x42: the front end is silent.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
expect(m.alerts, 0)
fault(m, "afe_silent")
wait "2 s"
expect(m.alerts, 0xC0)
expect(m:read(28), 0x8000)
expect(m:counters().faults.front_end, true)
clear(m)
within("7 s", function() return m.alerts == 0 and m:read(28, "u16") == 6000 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
