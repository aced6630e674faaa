-- Waiting, and conditions that are watched.
local m = meter { system_voltage = 480, phase_loss_rule = "drop", fill_word = 0x8000 }
grid { volts_ll = 480 }
eventually(function() return m.led_red end)
never(function() return m.kwh_import > 0 end)
always(function() return now() >= 0 end)
expect(now(), 0)
wait "100 ms"
wait(0.9)
expect(now(), 1)
wait "1 min"
expect(now(), 61)
expect(within("1 s", function() return true end), 0)
local waited = wait_until(function() return now() >= 61.255 end)
expect(waited, near(0.255, "10 ms"))
grid { volts_ll = 431 } -- more than 10 % below 480 V
wait "3 s"
expect(m.alerts & 0x700, 0x700)
expect(m:read(113, "u16"), 0x8000)
expect(m:read(21, 3)[1], 0)
expect(#m:read(21, 3), 3)
expect(m:read(28).u16, near(6000, 1))
expect(m:request("11"):sub(1, 2) == "11")
expect(select(2, m:try_read(21, 1)), nil)
