-- In the field: the meter restarted, though nobody saw the lights blink.
-- How to tell: register 152 counts a power-up: the supply of the processor dipped. Up to a second of energy
-- is missing, never more.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "5 s"
local ups, kwh = m:read(152, "u16"), m.kwh_import
fault(m, "brown_out")
wait "100 ms"
expect(m:read(152, "u16"), ups + 1)
expect(m.kwh_import >= kwh)
clear(m)
within("5 s", function() return m:read(28, "u16") == 6000 end)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
