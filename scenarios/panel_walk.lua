-- In the field: readings noted from the display differ from those read over the network.
-- How to tell: every value on the display is the meter's reading in the unit that is shown; check the unit.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, demand_subinterval_s = 10 }
grid { hz = 60, volts = { 277, 270, 283 } }
load { amps = { 80, 60, 101 }, pf = 0.92 }
wait "23 s"

local unit = { [" "] = 1e-3, K = 1, M = 1e3, G = 1e6 } -- in kW, kWh

-- A reading as the glass shows it: half of its last digit is what it may be off by.
local function shows(reading, prefixed)
    local lcd = m.lcd
    local factor = prefixed and unit[lcd.top:match "^%w ?([ KMG])"] or 1
    local decimals = #(lcd.bottom:match "%.(%d+)$" or "")
    return math.abs(tonumber(lcd.bottom) * factor - m[reading]) <= 0.501 * factor * 10 ^ -decimals
end

-- at most a second passes between the reading and the glass: wait for the next one
local function check(top, reading, prefixed)
    local seconds = m.seconds
    wait_until(function() return m.seconds > seconds end, "2 s")
    wait "50 ms" -- a real glass is sent over its bus, byte by byte
    expect(m.lcd.top:match(top) ~= nil, top .. ", not " .. m.lcd.top)
    expect(shows(reading, prefixed), top .. " shows " .. m.lcd.bottom)
end

local function go(title)
    while m.lcd.top ~= title do press(m, "-") end
end

for _, p in ipairs { "A", "B", "C" } do
    local low = p:lower()
    go(p .. "PHAS")
    for _, s in ipairs { { "A$", "i_" }, { "V[ABC][ABC]$", ({ A = "v_ab", B = "v_bc", C = "v_ac" })[p], true },
                         { "VLN$", "v_" .. low .. "n", true }, { "W$", "kw_", false, true },
                         { "VAR$", "kvar_", false, true }, { "VA$", "kva_", false, true }, { "PF$", "pf_" },
                         { "Wh$", "kwh_import_", false, true }, { "Wh$", "kwh_export_", false, true } } do
        press(m, "select")
        check("^" .. p .. ".*" .. s[1], s[3] and s[2] or s[2] .. low, s[4])
    end
    expect(m.lcd.icons.export and not m.lcd.icons.import, "the last one is export")
    press(m, "select")
    expect(m.lcd.top, p .. "PHAS")
end

go "3PHAS"
for _, s in ipairs { { "A$", "i_avg" }, { "VLL$", "vll_avg" }, { "VLN$", "vln_avg" }, { "W$", "kw_total", true },
                     { "VAR$", "kvar_total", true }, { "VA$", "kva_total", true }, { "PF$", "pf_total" },
                     { "Wh$", "kwh_import", true }, { "Wh$", "kwh_export", true }, { "^HZ$", "freq" } } do
    press(m, "select")
    check(s[1], s[2], s[3])
end
go "DEMND"
for _, s in ipairs { { "W$", "kw_demand_present" }, { "VAR$", "kvar_demand_present" }, { "VA$", "kva_demand_present" },
                     { "W$", "kw_demand_max_import" } } do
    press(m, "select")
    check("^[DM].*" .. s[1], s[2], true)
end
expect(m.lcd.icons.import)

-- left alone for a minute it goes through the readings by itself, 5 s each
local pressed = now() + 0.02 -- when its contact has come to rest
press(m, "back")
expect(m.lcd.top, "D  VA")
wait(pressed + 60 - now() - 0.001)
expect(m.lcd.top, "D  VA")
wait "0.05 s" -- a real glass is sent over its bus, byte by byte
for _, top in ipairs { "3 A", "3 VLL", "3 VLN", "3  W", "3 VAR", "3  VA", "3 PF", "3  Wh", "3  Wh", "HZ", "3 A" } do
    expect(m.lcd.top, top)
    wait "5 s"
end

-- a button that is held until it is released
keys(m, "+")
wait "0.1 s"
keys(m, "")
wait "0.1 s"
local top = m.lcd.top
keys(m, "+")
wait "1.5 s"
keys(m, "")
wait "0.1 s"
expect(m.lcd.top ~= top, "a held + goes on to the next group")
