-- In the field: the lights flashed, and some meters restarted with a dark display while others did not.
-- How to tell: a meter rides through 100 ms without control power. Beyond that its LCD goes dark and it
-- restarts with its energy and settings, but a second or two of energy is missing.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
monotonic(function() return m.kwh_import end)
wait "1 min"
local kwh, results = m.kwh_import, m.seconds

for _, ms in ipairs { 20, 60, 95 } do
    case("within: " .. ms .. " ms") (function()
        fault(m, "supply_loss", { duration = ms .. " ms" })
        always(function() return m.powered end)
        wait "10 s"
        expect(m.seconds, results + 10)
        truth(m, "0.2S")
    end)
end
for _, ms in ipairs { 105, 150, 2000 } do
    case("beyond: " .. ms .. " ms") (function()
        fault(m, "supply_loss", { duration = ms .. " ms" })
        wait "102 ms"
        expect(not m.powered)
        expect(m.alarm_contact) -- closed without power: somebody is told
        wait(ms / 1000)
        expect(m.powered)
        expect(m:read(130), "u16", 40)
        wait "10 s"
        expect(m.seconds < 11)
        expect(m.kwh_import > kwh)
        expect(m:truth().kwh_import - m.kwh_import < 61.2 / 3600 * (ms / 1000 + 3))
    end)
end
case "an aged capacitor: 60 ms are too long" (function()
    fault(m, "supply_capacitor", "30 ms")
    fault(m, "supply_loss", { duration = "60 ms" })
    wait "50 ms"
    expect(not m.powered)
    wait "3 s"
    expect(m.seconds < 4)
end)
