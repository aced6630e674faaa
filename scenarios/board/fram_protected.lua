-- In the field: settings are refused with exception 04; the wrench shows.
-- How to tell: bit 7 of register 146: the memory is write protected. By its status register alone the meter
-- undoes that; by its pin it cannot.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
fault(m, "fram_protected", 1)
m:write(142, 20)
expect(m:read(142), "u16", 20)
wait "2 s"
expect(m.alerts, 0)
fault(m, "fram_protected", 2)
expect((select(2, m:try_write(142, 30))), 4)
within("2 s", function() return m.alerts == 0x80 end)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
clear(m)
within("2 s", function() return m.alerts == 0 end)
m:write(142, 40)
