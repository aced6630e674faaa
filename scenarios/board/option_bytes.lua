-- In the field: the wrench shows on a new meter.
-- How to tell: bit 7 of register 146, bit 6 of the faults in 0x42: the option bytes are those of the
-- processor's maker.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2 s"
fault(m, "option_bytes", 3)
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m.alerts, 0x80)
expect(m:counters().faults.options, true)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
