-- A recording that is stopped gives the grid and the load back.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 400 }
load { amps = 50 }
local r = recording("../../../recordings/sag_b_480v.cfg", { before = "3 s", after = "3 s" })
wait "3 s"
expect(m.vll_avg, near("480 V", "1 %"))
stop_recording()
wait "3 s"
expect(m.vll_avg, near("400 V", "0.02 %"))
expect(m.i_a, near("50 A", "0.02 %"))
grid { volts_ll = 410 }
load { amps = 60 }
wait "3 s"
expect(m.vll_avg, near("410 V", "0.02 %"))
expect(m.i_a, near("60 A", "0.02 %"))
expect(r.seconds > 6)
