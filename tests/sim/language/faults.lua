-- Faults with an end, faults set anew, faults that go with their scenario.
local m = meter { system_voltage = 480, ct_primary = 200 }
grid { volts_ll = 480 }
load { amps = 100 }
wait "3 s"

fault(m, "ct_ratio_error", "A", "5 %", { duration = "4 s" })
wait "3 s"
expect(m.i_a, near("105 A", "0.02 %"))
expect(m.i_b, near("100 A", "0.02 %"))
wait "4 s"
expect(m.i_a, near("100 A", "0.02 %"))

fault(m, "ct_ratio_error", "AB", -10, { duration = "2 s" })
wait "1 s"
fault(m, "ct_ratio_error", "B", 10) -- outlives the end of the one before
wait "4 s"
expect(m.i_a, near("100 A", "0.02 %"))
expect(m.i_b, near("110 A", "0.02 %"))
fault(m, "ct_open", "C", true)
clear(m, "ct_ratio_error", "B")
wait "3 s"
expect(m.i_b, near("100 A", "0.02 %"))
expect(m.i_c, 0)
clear(m)
wait "3 s"
expect(m.i_c, near("100 A", "0.02 %"))

fault(m, "clock_error", "200 ppm")
wait "5 s"
expect(m.freq, near(60 / 1.0002, "2 mHz")) -- a fast clock sees a slow grid
