-- save and restore: whatever hangs on the meters and their worlds, what follows is to the
-- last digit what followed the first time. Watched numbers begin anew, triggers go on.
local main = meter { name = "main", ct_primary = 200, system_voltage = 480 }
local sub = meter { name = "sub", ct_primary = 100, system_voltage = 480, feeder = main }
local alone = meter { name = "alone", system_type = 31, system_voltage = 480 }
grid { volts_ll = 480, flicker = { hz = 8.8, percent = 2 } }
load { amps = 60, pf = 0.9 }
add_load(main, "motor", { kw = 30, at = "4 s" })
add_load(alone, "profile", { file = "../../../scenarios/profile_day.csv" })
fault(main, "adc_noise", "30 codes")
fault(alone, "clock_error", 80)
fault(main, "ct_saturation", "A", 0.6)
fault(main, "ct_open", "B", { duration = "6 s" })
event("hz_ramp", { hz = 61, rate = "0.1 Hz/s", at = "2 s" })
event("sag", { phases = "C", percent = 60, at = "5.5 s", duration = "2 s", ramp_in = "1 s" })
local ticks = 0
every("1 s", function() ticks = ticks + 1 end)
monotonic(function() return main.kwh_import end)
conserved(function() return main.freq - alone.freq end, 0.2)
wait "4.0137 s" -- in a block, in a ramp, in a motor's start

local function go_on()
    local seen = {}
    local function look()
        for _, m in ipairs { main, sub, alone } do
            local t = m:truth()
            seen[#seen + 1] = m:request("03 00 00 00 70")
            seen[#seen + 1] = m:request("03 01 00 00 7C") -- energies and maxima
            seen[#seen + 1] = string.format("%.17g %.17g %.17g %.17g", t.kwh_import, t.freq,
                                            m.kwh_import, m.v_an)
        end
        seen[#seen + 1] = string.format("%.9f", now())
    end
    for _ = 1, 4 do
        wait "1.1 s"
        look()
    end
    power(alone, "off")
    wait "0.3 s"
    power(alone, "on")
    sub:write(131, 400)
    grid { volts_ll = 470 }
    wait "2.5 s"
    look()
    return seen
end

local function same(a, b)
    expect(#a, #b)
    for k = 1, #a do expect(a[k] == b[k], "entry " .. k .. ": " .. a[k] .. " / " .. b[k]) end
end

save "middle"
expect(ticks, 4)
local first = go_on()
expect(main.i_b > 1) -- the fault has ended
expect(sub:read(131), "u16", 400)

fault(main, "ct_reversed", "A", { duration = "3 s" }) -- must not reach over the way back
clear_loads()
clear_events()
recording("../../../recordings/sag_b_480v.cfg")
wait "0.5 s"
restore "middle"
expect(now(), 4.0137)
expect(sub:read(131), "u16", 100)
expect(ticks, 11)
same(first, go_on())
expect(ticks, 18)

-- a state within a state; a case goes back, too
save "end"
restore "middle"
wait "1 s"
save "middle" -- the name is taken anew
restore "end"
wait "1 s"
local kwh = main.kwh_import
case "in a case" (function()
    restore "end"
    wait "1 s"
    expect(main.kwh_import, kwh)
end)
restore "middle"
expect(now(), 5.0137)
