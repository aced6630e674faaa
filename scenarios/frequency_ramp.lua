-- In the field: the standby generator hunts and clocks run fast; does the meter still count right?
-- How to tell: the frequency reading follows half a second behind; V, I and kW stand still meanwhile.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }

local kw = 3 ^ 0.5 * 0.48 * 80 * 0.92
wait "3 s"
always(function()
    return now() > 16 or math.abs(m.kw_total / kw - 1) < 0.0005 and
               math.abs(m.vll_avg / 480 - 1) < 0.0005
end)

event("hz_ramp", { hz = 62, rate = "0.5 Hz/s" })
wait "2 s"
expect(m:truth().freq, near("61 Hz", "1 mHz"))
expect(m.freq, near(60.75, "20 mHz")) -- the mean of the second that has passed
wait "4 s"
expect(m:truth().freq, near("62 Hz", 1e-6))
expect(m.freq, near("62 Hz", "5 mHz"))

event("hz_step", { hz = 58.5, at = "1 s" })
wait "3 s"
expect(m.freq, near("58.5 Hz", "5 mHz"))
event("hz_ramp", { hz = 60, rate = 0.75 })
wait "4 s"
expect(m.freq, near("60 Hz", "5 mHz"))

load { amps = 0 }
local exact = m:truth().kwh_import
expect(exact, near(kw * 16 / 3600, "1 ppm"))
wait "2 s" -- the meter has counted all of it
expect(m.kwh_import, near(exact, "0.02 %"))
