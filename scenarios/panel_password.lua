-- In the field: the setup menu answers Error to a password, and one of the keys is stuck.
-- How to tell: PASWD answers Error and stays; nothing changes. With the right password the setup opens.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"

local function configuration() return m:request "03 00 80 00 1A" end
local function go(title)
    while m.lcd.top ~= title do press(m, "-") end
end
local function digits(number)
    for k = 1, #number do
        while m.lcd.bottom:sub(k, k) ~= number:sub(k, k) do press(m, "+") end
        press(m, "select")
    end
end

-- a password for the setup, and one for the resets
go "SETUP"
press(m, "select")
digits "00000"
while m.lcd.top ~= "SPASS" do press(m, "+") end
press(m, "select")
digits "20418"
wait "1 s"
digits "77777"
wait "1 s"
expect(m.lcd.top, "SPASS")
press(m, "back")

local before, energy = configuration(), m.kwh_import
for _, title in ipairs { "SETUP", "RESET" } do
    go(title)
    press(m, "select")
    for _, wrong in ipairs { "00000", "20419", "77778", "99999" } do
        expect(m.lcd.bottom, "00000")
        digits(wrong)
        expect(m.lcd.top, "PASWD")
        expect(m.lcd.bottom, "Error")
        wait "1 s"
    end
    press(m, "back")
    expect(m.lcd.top, title)
end

-- every key for 10 s, on whatever it finds; two at once; one that sticks for good
for _, key in ipairs { "+", "-", "back", "select", "+ -", "back select" } do
    press(m, key, "10 s")
end
fault(m, "key_stuck", 4)
wait "20 s"
press(m, "-")
press(m, "+")
clear(m, "key_stuck")

-- 1 000 keys at random times, with contacts that bounce
fault(m, "key_bounce", 12)
local names = { "+", "-", "back", "select", "select", "+ select" }
-- a contact at rest for 20 ms counts. It bounces for 12, so one that is closed or open for 32 ms may count or not:
-- a real meter looks at its keys every 0.6 ms
local function ms(most)
    local n = math.random(1, most - 8)
    return (n < 28 and n or n + 8) / 1000
end
for _ = 1, 1000 do
    press(m, names[math.random(#names)], ms(300))
    wait(ms(100))
end
clear(m, "key_bounce")
expect(configuration(), before)
expect(m:read(147), "u16", 0) -- no energy reset
expect(m.kwh_import > energy)

-- who knows it comes in, and the lock closes behind
wait "60 s" -- from whatever the keys opened back to the readings
go "RESET"
press(m, "select")
digits "77777"
expect(m.lcd.top, "ENERG")
press(m, "+", "3 s")
expect(m:read(147), "u16", 1)
press(m, "back")
press(m, "back")
go "SETUP"
press(m, "select")
digits "20418"
expect(m.lcd.top, "S COM")
wait "60 s"
expect(m.lcd.top, "3 A")
go "SETUP"
press(m, "select")
expect(m.lcd.bottom, "00000")
