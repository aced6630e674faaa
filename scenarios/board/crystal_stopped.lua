-- In the field: the readings are gone and the wrench shows; the meter answers.
-- How to tell: bits 6 and 7 of register 146, bit 0 of the faults in 0x42: its crystal does not swing, so nothing is
-- metered rather than something wrong. It recovers by itself.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
expect(m.alerts, 0)
fault(m, "crystal_stopped")
wait "3 s"
expect(m.alerts, 0xC0)
expect(m:read(28), 0x8000)
expect(m:counters().faults.crystal, true)
local kwh = m.kwh_import
wait "2 s"
expect(m.kwh_import, kwh)
clear(m)
within("6 s", function() return m.alerts == 0 and m:read(28, "u16") == 6000 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
