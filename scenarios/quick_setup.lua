-- In the field: a new meter on a 2400 V delta with 400 A CTs of 1/3 V shows absurd readings.
-- How to tell: after the eleven steps of the manual's quick set-up kW is right and no wrench icon shows.
local m = meter { ct_output = "1/3 V", ct_sensor = "400 A", pt_sensor = 4, wiring = "delta" }
m:write(132, 1) -- as it left the factory
grid { hz = 60, volts_ll = 2400 }
load { amps = 250, pf = 0.9 }
wait "3 s"
local kw = 3 ^ 0.5 * 2.4 * 250 * 0.9
expect(math.abs(m.kw_total - kw) > 0.5 * kw, "factory settings measure something else")

local function see(top, bottom)
    expect(m.lcd.top, top)
    expect(m.lcd.bottom, bottom)
end

-- + makes the chosen digit larger, - goes to the left, select to the right and out
local function digits(number)
    local shown = m.lcd.bottom:gsub("%.", "")
    for _ = #shown + 1, #number do press(m, "-") end
    for k = 1, #number do
        local right = #number - k + 1
        while m.lcd.bottom:gsub("%.", ""):sub(-right, -right) ~= number:sub(k, k) do press(m, "+") end
        press(m, "select")
    end
    expect(m.lcd.bottom, "SAvEd")
    wait "1 s"
end

local function choose(text, key)
    while m.lcd.bottom ~= text do press(m, key) end
    press(m, "select")
    expect(m.lcd.bottom, "SAvEd")
    wait "1 s"
end

-- 1. to SETUP; 2. to PASWD; 3. through the digits of 00000 and out to the right
while m.lcd.top ~= "SETUP" do press(m, "+") end
press(m, "select")
see("PASWD", "00000")
for _ = 1, 5 do press(m, "select") end

-- 4. and 5. communications
see("S COM", "")
press(m, "select")
see("ADDR", "001")
digits "017"
see("BAUD", "19200")
choose("9600", "-")
see("PAR", "nOnE")
choose("EvEn", "-")
see("S COM", "")

-- 6. current transducers
press(m, "-")
see("S CT", "")
press(m, "select")
see("CT V", "1.0")
choose(".33", "+")
see("CT SZ", "100")
digits "400"
see("S CT", "")

-- 7. system
press(m, "-")
see("S SYS", "")
press(m, "select")
see("SYSTM", "3L-1n")
choose("3L", "-")
see("S SYS", "")

-- 8. potential transformers
press(m, "-")
see("S PT", "")
press(m, "select")
see("RATIO", "001.00")
digits "00400"
see("S PT", "")

-- 9. system voltage
press(m, "-")
see("S V", "")
press(m, "select")
see("V LL", "00600")
digits "02400"
see("S V", "")

-- 10. out of the setup; 11. no wrench
press(m, "back")
see("SETUP", "")
press(m, "back")
see("3PHAS", "")
wait "3 s"
expect(not m.lcd.icons.wrench, "the wrench does not burn")

local function configured()
    for reg, value in pairs { [130] = 31, [131] = 400, [132] = 3, [133] = 400, [134] = 2400, [135] = 16628 } do
        expect(m:read(reg), "u16", value)
    end
    expect(m.kw_total, near(kw, "0.2 %"))
    while m.lcd.top ~= "SETUP" do press(m, "-") end
    for _ = 1, 7 do press(m, "select") end
    see("ADDR", "017")
    for _ = 1, 3 do press(m, "select") end
    see("BAUD", "9600")
    press(m, "select")
    see("PAR", "EvEn")
end

configured()
power(m, "off")
wait "5 s"
power(m, "on")
wait "3 s"
configured()
