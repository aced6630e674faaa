-- In the field: a drive trips now and then; the fault recorder has recorded a voltage sag of phase B.
-- How to tell: one result shows B low, the next is normal again, and no alarm is raised.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
recording("../recordings/sag_b_480v.cfg", { before = "3 s", after = "4 s" })

wait "2.5 s"
local before = m.v_bn
expect(m.vll_avg, near("480 V", "1 %"))
never(function() return m.alerts & 0x700 ~= 0 end) -- too short for a phase loss

within("3 s", function() return m.v_bn < 0.98 * before end)
expect(m.v_an, near(before, "1 %"))
within("3 s", function() return m.v_bn > 0.999 * before end)
expect(m.kwh_import > 0)
