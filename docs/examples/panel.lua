-- The pictures of the README and of docs/panel.md:
--   metersim run docs/examples/panel.lua --screenshots pictures
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, name = "feeder 7" }
grid { hz = 60, volts_ll = 480 }
load { amps = { 80, 64, 92 }, pf = 0.92 }
wait "3 s"

-- one picture more of the film
local function film() screenshot("panel_film.png", "film") end

local function go(title)
    while m.lcd.top ~= title do press(m, "-") end
end

film()

-- what the sum of all phases has taken in, with its arrow
press(m, "back")
for _ = 1, 8 do press(m, "select") end
expect(m.lcd.icons.import)
wait_until(function() return m.lcd.icons.heart end)
screenshot "panel_import.png"
film()

-- a CT is mounted the wrong way round: its power is exported, its arrow points away
fault(m, "ct_reversed", "B")
wait "5 s"
for _ = 1, 9 do press(m, "back") end
go "BPHAS"
for _ = 1, 4 do press(m, "select") end
expect(m.lcd.top, "B KW")
wait_until(function() return m.lcd.icons.heart end)
screenshot("panel_phasors.png", "phasors")
film()
clear(m)

-- drives and a rectifier
load { amps = { 80, 64, 92 }, pf = 0.92, harmonics = { { 5, 22, 180 }, { 7, 9 }, { 11, 6 } } }
wait "4 s"
for _ = 1, 2 do press(m, "back") end
wait_until(function() return m.lcd.icons.heart end)
screenshot("panel_waves.png", "waves")

-- a digit of the CT's rating is chosen: it blinks
load { amps = { 80, 64, 92 }, pf = 0.92 }
for _ = 1, 3 do press(m, "back") end
go "SETUP"
for _ = 1, 6 do press(m, "select") end
press(m, "-")
press(m, "select")
expect(m.lcd.top, "CT V")
press(m, "select")
expect(m.lcd.top, "CT SZ")
press(m, "+")
screenshot "panel_editing.png"
film()

-- a phase is lost: red LED, wrench, closed contact, and what the glass says of it
wait "65 s"
fault(m, "phase_loss", "B")
wait "3 s"
go "ALERT"
press(m, "select")
expect(m.lcd.top, "PLOSS")
wait_until(function() return m.lcd.icons.heart end)
screenshot "panel.png"
film()
