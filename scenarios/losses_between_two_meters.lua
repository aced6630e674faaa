-- In the field: the main meter and its submeters do not add up; which one is wrong?
-- How to tell: compare phase by phase. Both see the same volts; the difference of kW is the load without a
-- submeter, and must stay the same when a metered load changes. The phase where it does not has the fault.
local main = meter { name = "main", system_type = 40, ct_primary = 400, system_voltage = 480 }
local shop = meter { name = "shop", feeder = main, system_type = 40, ct_primary = 200, system_voltage = 480 }
local hall = meter { name = "hall", feeder = main, system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load(main, { amps = 12, pf = 1 }) -- nobody's
load(shop, { amps = 90, pf = 0.85 })
load(hall, { amps = 35, pf = 0.95 })
wait "3 s"
local function rest(phase)
    return main["kw_" .. phase] - shop["kw_" .. phase] - hall["kw_" .. phase]
end
local kw = 480 / 3 ^ 0.5 * 12 / 1000
for _, m in ipairs { main, shop, hall } do truth(m, "0.2S") end

case "all well: the rest is conserved" (function()
    for _, phase in ipairs { "a", "b", "c" } do
        expect(rest(phase), near(kw, "1 %"))
    end
    load(shop, { amps = 20, pf = 0.85 })
    wait "3 s"
    for _, phase in ipairs { "a", "b", "c" } do expect(rest(phase), near(kw, "1 %")) end
end)
case "the shop's CT of B reads low" (function()
    fault(shop, "ct_ratio_error", "B", "-10 %")
    wait "3 s"
    expect(rest "b" > 1.3 * kw)
    load(shop, { amps = 20, pf = 0.85 })
    wait "3 s"
    expect(rest "b" < 1.2 * kw) -- it goes with the shop's load
    expect(rest "a", near(kw, "1 %"))
end)
case "a sag of the feeder is everybody's" (function()
    event(main, "sag", { phases = "A", percent = 60, duration = "5 s" })
    wait "4 s"
    for _, m in ipairs { main, shop, hall } do
        expect(m.v_an, near(0.6 * 480 / 3 ^ 0.5, "0.05 %"))
    end
end)
