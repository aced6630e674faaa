-- What expect compares: a reading has a unit, a calculation and a register have none.
local m = meter { ct_primary = 200, system_voltage = 480 }
wait "3 s"
expect(m.kw_b, 0)
expect(m.i_a - m.i_b, near(0, "0.1 A"))          -- 0 kW was read before: no matter
expect(m.kw_total + 0, near(0, "1 V"))           -- a calculation has no unit
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local plant = { main = m }
local kw = m.kw_total
expect(plant.main.kw_total, near(61.19, "100 W"))
expect(kw, near("61190 W", "100 W"))             -- a local that is nothing else keeps the unit
expect(kw + 0, near(61.19, "1 V"))               -- a calculation loses it
local twice = m.kw_total
twice = twice + 0
expect(twice, near(61.19, "1 V"))                -- and so does a local that is given anything else
expect(-m.kw_total, near(-61.19, "1 V"))
local given = { kw_total = 61.19 }               -- a field of that name, but of no meter
expect(given.kw_total, near(m.kw_total, "1 V"))
expect(m.kw_total, near(61.19, 0.1)) expect(m.pf_total, near(0.92, "0.1 %"))

-- readings are numbers like any other
expect(type(m.kw_b), "number")
expect(math.abs(m.kw_b) == m.kw_b and m.kw_b > 0)
expect(string.format("%.0f", m.kw_total) .. " kW", "61 kW")
expect(({ [m.alerts] = "none" })[0], "none")

-- several registers are a list, and all of them are compared
expect(m:read(130), 40)
expect(m:read(130, 3), { 40, m:read(131, "u16"), m:read(132, "u16") })
expect(m:read(1, 4), "s32", { near(0, 100), m:read(3, "s32") })
expect(m:read(277, 2), "f32", near(m.kw_total, "1 ppm"))
expect(m:read(1), "s32", m:read(1, "s32"))       -- one half is read again, whole
