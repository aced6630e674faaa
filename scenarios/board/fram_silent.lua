-- In the field: settings are refused with exception 04; the wrench shows.
-- How to tell: bit 7 of register 146, bit 2 of the faults in 0x42: the memory chip is silent.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
fault(m, "nvm_silent")
within("2 s", function() return m.alerts == 0x80 end)
expect((select(2, m:try_write(142, 20))), 4)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
clear(m)
within("3 s", function() return m.alerts == 0 end)
m:write(142, 20)
