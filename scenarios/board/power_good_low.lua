-- In the field: the display is dark and no LED lights, but the meter answers and meters.
-- How to tell: 0x42 counts a failure of the supply: POWER_GOOD is low, from the start, too.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2 s"
fault(m, "power_good_low")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "3 s"
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
clear(m)
wait "1 s"
expect(m.alerts, 0)
