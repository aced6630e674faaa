-- Forms of loads and grids.
local m = meter { system_voltage = 208, ct_primary = "100 A" }
grid { volts = { 120, 110, 100 }, degrees = { 0, -120, 120 } }

local function totals(l, kw, kvar)
    load(l)
    wait "3 s"
    expect(m.kw_total, near(kw, "2 W"))
    expect(m.kvar_total, near(kvar, "3 var"))
end

totals({ amps = 10, pf = 1 }, 3.3, 0)
totals({ amps = 10, pf = 0.6 }, 1.98, 2.64)
totals({ amps = 10, pf = 0.6, leading = true }, 1.98, -2.64)
totals({ amps = 10, pf = "0.6 lead" }, 1.98, -2.64)
totals({ amps = 10, pf = -0.6 }, -1.98, -2.64)
totals({ amps = 10, pf = 0.6, export = true }, -1.98, -2.64)
totals({ amps = 10, pf = "0.6 lead", export = true }, -1.98, 2.64)
totals({ amps = 10, lag_degrees = 90 }, 0, 3.3)
totals({ amps = 10, pf = { 1, 0.6, 0.6 } }, 1.2 + 2.1 * 0.6, 2.1 * 0.8)
totals({ amps = { 10, 10, 0 } }, 2.3, 0)
totals({ amps = 10, phases = "BC" }, 2.1, 0)
totals({ kw = 3 }, 3, 0)
totals({ kw = "-900 W", pf = 0.6 }, -0.9, -1.2)
expect(m.i_a, near(500 / 120, "0.02 %"))

-- the shape of the wave
grid { volts_ln = 120, harmonics = { { 5, 10 }, { 7, "5 %", 90 } } }
load { amps = 10, harmonics = { a = { { 3, 30, 180 } } } }
wait "3 s"
expect(m.v_an, near(120 * (1 + 0.01 + 0.0025) ^ 0.5, "0.02 %"))
expect(m.i_a, near(10 * 1.09 ^ 0.5, "0.02 %"))
expect(m.i_b, near(10, "0.02 %"))
expect(m.kw_a, near(1.2, "0.02 %"))
grid { harmonics = {} }
wait "3 s"
expect(m.v_an, near("120 V", "0.02 %"))
