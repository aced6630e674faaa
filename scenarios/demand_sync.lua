-- In the field: peak demand of two meters of one customer does not add up to the peak on the bill.
-- How to tell: their intervals do not coincide. Let a master end them together, by 21211 to all meters
-- (register 150 = 0): then the sum of the demands is the demand of the sum.
local a = meter { name = "a", system_type = 40, ct_primary = 200, system_voltage = 480, demand_subinterval_s = 0 }
local b = meter { name = "b", system_type = 40, ct_primary = 200, system_voltage = 480, demand_subinterval_s = 0 }
grid { hz = 60, volts_ll = 480 }
load(a, { amps = 50, pf = 1 })
load(b, { amps = 20, pf = 1 })
local kw = 480 * 3 ^ 0.5 / 1000
local function end_interval()
    for _, m in ipairs { a, b } do m:write(129, 21211) end
end
wait "3 s"
end_interval()
wait "30 s"
load(a, { amps = 10, pf = 1 }) -- the load moves from one to the other
load(b, { amps = 60, pf = 1 })
wait "30 s"
end_interval()
wait "2 s"
expect(a.kw_demand_present, near(30 * kw, "5 %"))
expect(b.kw_demand_present, near(40 * kw, "5 %"))
expect(a.kw_demand_present + b.kw_demand_present, near(70 * kw, "0.5 %"))
