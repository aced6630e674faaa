-- Every kind of event, its names and units, and what it leaves behind.
local m = meter { system_voltage = 208, ct_primary = 100 }
grid { hz = 60, volts_ln = 120 }
load { amps = 10, pf = 1 }
wait "3 s"

local function volts(k, v)
    expect(m:truth()["v_" .. k .. "n"], near(v, "1 ppm"))
end

event("sag", { phases = "B", percent = "45 %", duration = "150 ms" })
volts("b", 54)
volts("a", 120)
wait "0.2 s"
volts("b", 120)

event(m, "swell", { duration = 0, ramp_in = "1 s" }) -- usual: 120 %; stays
wait "0.5 s"
volts("c", 132)
wait "1 s"
volts("c", 144)
clear_events(m)
volts("c", 120)

event("interruption", { at = "1 s", duration = 1, phases = "AC" })
wait "1.5 s"
volts("a", 0)
volts("b", 120)
wait "1 s"
volts("a", 120)

-- on the wave: at 90 degrees of phase A, a quarter of a cycle from now
event("sag", { percent = 50, point = "90 deg", duration = 0 })
wait "4 ms"
volts("a", 120)
wait "0.4 ms"
volts("a", 60)
clear_events()
event("sag", { percent = 50, on_wave = true, duration = 0 })
volts("a", 120)
wait "17 ms"
volts("a", 60)
clear_events()

event("phase_jump", { phases = "B", jump = -60 }) -- B: 180 degrees against A
expect(m:truth().v_ab, near(240, "1 ppm"))
clear_events()
expect(m:truth().v_ab, near(120 * 3 ^ 0.5, "1 ppm"))

-- frequencies stay where events have brought them, whatever else of the grid changes
local function hz(f)
    expect(m:truth().freq, near(f, 1e-6))
end
event("hz_step", { hz = "59 Hz" })
hz(59)
grid { volts_ln = 110 }
hz(59)
event("hz_ramp", { hz = 61, rate = "2 Hz/s" })
wait "0.5 s"
hz(60)
grid { volts_ln = 120 }
wait "1 s"
hz(61)
event("hz_walk", { sigma = "50 mHz", limit = 0.2, seed = 3, duration = "1 s" })
wait "2 s"
local there = m:truth().freq
expect(there ~= 61 and there >= 60.8 and there <= 61.2)
grid { hz = 60 }
hz(60)

-- transients change no energy to speak of and are over soon
event("impulse", { volts = "1 kV", oscillation = "500 Hz", time_constant = "1 ms",
                   start = "90 deg", phases = "A" })
event("capacitor_step", { percent = 60, oscillation = "600 Hz", time_constant = "5 ms" })
wait "0.1 s"
within("2 s", function() return m.v_an > 120.05 end)
wait "3 s"
expect(m.v_an, near("120 V", "0.02 %"))
expect(m.freq, near("60 Hz", "5 mHz"))

-- one meter's events are its own
local n = meter { system_voltage = 208, ct_primary = 100 }
event(n, "sag", { percent = 50, duration = 0 })
expect(n:truth().v_an, near(60, "1 ppm"))
volts("a", 120)
