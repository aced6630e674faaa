-- In the field: some requests are not answered.
-- How to tell: with every n-th byte one is lost in the UART: the frame is dropped, the next one is answered.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "300 ms" }
wait "2 s"
local got, lost = 0, 0
fault(m, "uart_overrun", 20)
for _ = 1, 10 do
    if bus:try_read(1, 28) then got = got + 1 else lost = lost + 1 end
end
expect(got >= 4 and lost >= 3)
clear(m)
expect(bus:read(1, 28), "u16", 6000)
expect(m.alerts, 0)
