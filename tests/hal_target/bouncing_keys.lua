-- Contacts bounce for 12 ms and count when they have been at rest for 20: one that is closed for 24 ms never does, one
-- that is closed for 60 does once. Who looks at them seldom takes bouncing for rest.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
fault(m, "key_bounce", 12)
wait "1.3 s"
press(m, "-")
wait "0.3 s"
local top = m.lcd.top
for k = 1, 40 do
    press(m, "-", (23 + k % 4) / 1000)
    wait(0.0503 + k * 0.0001)
    expect(m.lcd.top, top)
end
for _ = 1, 4 do
    press(m, "-", "60 ms")
    wait "0.2 s"
    expect(m.lcd.top ~= top)
    press(m, "+", "60 ms")
    wait "0.2 s"
    expect(m.lcd.top, top)
end
