-- Meters on one feeder: the same voltages, and the head has the sum of the currents.
local main = meter { name = "main", ct_primary = 400, system_voltage = 480 }
local shop = meter { name = "shop", feeder = main, ct_primary = 200, system_voltage = 480 }
local lamp = meter { name = "lamp", feeder = main, system_type = 10, ct_primary = 100,
    system_voltage = 480 }
local alone = meter { name = "alone", ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load(main, { amps = 10, pf = 1 })
load(shop, { amps = 80, pf = 0.8, harmonics = { { 5, 30, 40 } } })
load(lamp, { amps = 20, pf = "0.9 lead" })
load(alone, { amps = 5 })

local function adds_up()
    for _, q in ipairs { "kw_b", "kw_c", "kvar_b", "kvar_c" } do
        expect(math.abs(main[q] - shop[q] - own[q]) < 0.005, q)
    end
    expect(math.abs(main.kw_a - shop.kw_a - lamp.kw_a - own.kw_a) < 0.005, "kW of A")
    expect(math.abs(main.kvar_a - shop.kvar_a - lamp.kvar_a - own.kvar_a) < 0.005, "kvar of A")
    for _, q in ipairs { "v_an", "freq" } do
        expect(main[q], near(shop[q], "1 ppm"))
        expect(main[q], near(lamp[q], "1 ppm"))
    end
end
wait "3 s"
own = { kw_a = 0.01 * main.v_an, kw_b = 0.01 * main.v_bn, kw_c = 0.01 * main.v_cn,
    kvar_a = 0, kvar_b = 0, kvar_c = 0 }
adds_up()
for _, m in ipairs { main, shop, lamp, alone } do truth(m, "0.2") end
-- the fifth is all the shop's
local amps = (main.i_b ^ 2 - (shop.i_b ^ 2 - (0.3 * 80) ^ 2 + 10 ^ 2 + 2 * 80 * 0.8 * 10)) ^ 0.5
expect(amps, near("24 A", "0.5 %"))

event(shop, "hz_step", { hz = 59 })
grid(lamp, { volts_ll = 460 })
fault(main, "voltage_shift", "A", "-5 %")
wait "4 s"
expect(shop.freq, near("59 Hz", "5 mHz"))
expect(alone.freq, near("60 Hz", "5 mHz"))
expect(alone.v_an, near(480 / 3 ^ 0.5, "0.02 %"))
expect(lamp.v_an, near(0.95 * 460 / 3 ^ 0.5, "0.02 %"))
own.kw_a, own.kw_b, own.kw_c = 0.01 * main.v_an, 0.01 * main.v_bn, 0.01 * main.v_cn
adds_up()
clear(shop, "voltage_shift")
wait "3 s"
expect(main.v_an, near(460 / 3 ^ 0.5, "0.02 %"))
fault(shop, "ct_reversed", "B") -- only the shop's
add_load(shop, "resistor", { amps = 30 })
wait "3 s"
expect(shop.kw_b < 0 and main.kw_b > 0)
expect(main.kw_c - shop.kw_c, near(0.01 * main.v_cn, "0.1 %"))
expect(main.i_c > 110)
