local plant = { main = meter { ct_primary = 200, system_voltage = 480 } }
local function check()
    -- expect(1, 1)
    expect (plant.main.kw_total, near(61,
        "0.1 A"))
end
wait "2 s"
check()
