-- In the field: the wrench shows; INFO has serial number 0.
-- How to tell: bit 7 of register 146, bit 5 of the faults in 0x42: the block of the factory is damaged.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2 s"
fault(m, "factory_damaged")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m.alerts, 0x80)
expect(m:counters().faults.factory, true)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
