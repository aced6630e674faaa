-- A sag of phase B, played from a file.
local m = meter { system_voltage = 480, ct_primary = 200 }
local r = recording("../../../recordings/sag_b_480v.cfg", { before = "3 s", after = "3 s" })
expect(r.hz, near("60 Hz", "0.1 Hz"))
expect(r.seconds, near(6.5, 0.1))
wait "2.5 s"
expect(m.vll_avg, near("480 V", "1 %"))
local before = m.v_bn
within("2 s", function() return m.v_bn < 0.99 * before end)
expect(m.kwh_import > 0)
