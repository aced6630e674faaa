-- In the field: the utility's demand and the meter's demand differ, though their energy agrees.
-- How to tell: with register 150 = 0 an interval ends only when a master writes 21211. A late master
-- makes intervals longer, and demand is divided by the true time.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480,
                  demand_subinterval_s = 0 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 1 }
local kw = 80 * 480 * math.sqrt(3) / 1000

wait "3 s"
m:write(129, 21211) -- the first interval starts
wait "1 s"
wait "60 s"
load { amps = 40, pf = 1 }
wait "59 s"
m:write(129, 21211) -- acts at the end of the meter's second
wait "2 s"
expect(m.kw_demand_present, near(0.75 * kw, "0.1 %")) -- half the time all, half the time half

m:write(129, 21211) -- within 10 s: a repeat, done when these are over
wait "90 s"
m:write(129, 21211)
wait "2 s"
expect(m.kw_demand_present, near(0.5 * kw, "0.1 %"))
expect(m.kw_demand_max_import, near(kw, "5 %")) -- the short first interval saw it all
m:write(129, 21212)
wait "2 s"
expect(m.kw_demand_max_import, near(0.5 * kw, "0.1 %"))
