-- After a recording grid and load come back by themselves, or its last cycles go on, or all is dead.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 400 }
load { amps = 50 }
local file = "../../../recordings/sag_b_480v.cfg"

local r = recording(file) -- the default: 1.5 s before and 1 s after, then the grid
expect(r.seconds, near(3, 0.05))
wait "2 s"
expect(m.vll_avg, near("480 V", "4 %"))
wait "4 s"
expect(m.vll_avg, near("400 V", "0.02 %"))
expect(m.i_a, near("50 A", "0.02 %"))
grid { volts_ll = 410 } -- nothing plays any more: no stop_recording
wait "3 s"
expect(m.vll_avg, near("410 V", "0.02 %"))
recording(file, { after = "9 s" })
wait "8 s"
local kw, kwh = m.kw_total, m.kwh_import
recording(file, { at_end = "hold" }) -- as an extension without end
wait "60 s"
expect(m.kw_total, near(kw, "0.02 %"))
expect(m.kwh_import - kwh, near(kw * 60 / 3600, "0.5 %"))
expect(m.freq, near("60 Hz", "0.01 Hz"))
stop_recording()
recording(file, { at_end = "dead" })
wait "6 s"
expect(m.v_an, 0)
stop_recording()
wait "3 s"
expect(m.vll_avg, near("410 V", "0.02 %"))
