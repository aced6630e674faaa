-- In the field: the display says Error after a setting was entered with the keys.
-- How to tell: the value is out of range, or another setting forbids it; the register keeps what it had.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 600 }
grid { hz = 60, volts_ll = 600 }
wait "2 s"

local function go(title) -- in the main ring, from wherever it is
    for _ = 1, 4 do press(m, "back") end
    while m.lcd.top ~= title do press(m, "-") end
end
local function into(title)
    go "SETUP"
    for _ = 1, 6 do press(m, "select") end
    while m.lcd.top ~= title do press(m, "-") end
    press(m, "select")
end
local function digits(number)
    local shown = m.lcd.bottom:gsub("%.", "")
    for _ = #shown + 1, #number do press(m, "-") end
    for k = 1, #number do
        local right = #number - k + 1
        while m.lcd.bottom:gsub("%.", ""):sub(-right, -right) ~= number:sub(k, k) do press(m, "+") end
        press(m, "select")
    end
end
local function refused(number, reg, kept)
    local top, bottom = m.lcd.top, m.lcd.bottom
    digits(number)
    expect(m.lcd.top, top)
    expect(m.lcd.bottom, "Error")
    wait "1 s"
    expect(m.lcd.top, top)
    expect(m.lcd.bottom, bottom)
    if reg then expect(m:read(reg), "u16", kept) end
end
local function taken(number, reg)
    digits(number)
    expect(m.lcd.bottom, "SAvEd")
    expect(m:read(reg), "u16", tonumber(number))
    wait "1 s"
end

into "S COM"
refused "000"
refused "248"
into "S V" -- 82 to 660 V at the input
refused("00081", 134, 600)
refused("00661", 134, 600)
refused("99999", 134, 600)
taken("00500", 134)
into "S PT"
taken("00080", 133)
into "SPLOS"
refused("000", 142, 10)
refused("100", 142, 10)
taken("015", 142)
into "S PT"
refused("00000", 133, 80)
taken("00200", 133) -- 500 V ÷ 2; then only 164 to 1 320 V are possible
into "S V"
refused("00163", 134, 500)
refused("01321", 134, 500)
taken("01320", 134)
into "S PT"
taken("00100", 133) -- now 1 320 V is too much: the value as it is is refused
into "S V"
refused("01320", 134, 1320)
taken("00480", 134)
into "SDMND"
press(m, "select")
refused("00009", 150, 900)
refused("32768", 150, 900)
taken("00010", 150)

-- pulses: 10 Wh cannot keep up with 5 000 A; it is not even offered
into "S CT"
press(m, "select")
taken("05000", 131)
into "SPULS"
expect(m.lcd.bottom, "1000")
press(m, "-")
expect(m.lcd.bottom, "100")
press(m, "-")
expect(m.lcd.bottom, "100")
press(m, "select")
expect(m.lcd.bottom, "SAvEd")
expect(m:read(144), "u16", 100)
expect(not m.lcd.icons.wrench)

-- set over Modbus, what a larger CT makes impossible stays, and the panel says so
m:write(131, 32000)
wait "1 s"
expect(m.lcd.icons.wrench)
go "ALERT"
for _ = 1, 6 do press(m, "select") end
expect(m.lcd.top, "PULSE")
expect(m.lcd.bottom, "ConF")
