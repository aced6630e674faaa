-- Submeters of one phase on each phase of a feeder, against closed forms: V I cos and V I sin of the load,
-- which the head has on the same phase.
local main = meter { name = "main", ct_primary = 400, system_voltage = 480 }
local on, letters = {}, { "a", "b", "c" }
for k, wiring in ipairs { "A-N", "B-N", "C-N" } do
    on[k] = meter { name = wiring, feeder = main, system_type = 10, wiring = wiring, ct_primary = 50,
        system_voltage = 277 }
end
local volts = { 277, 270, 284 }
local amps, lag = { 30, 20, 25 }, { 0, 36, -20 }
grid { volts = volts }
for k = 1, 3 do load(on[k], { amps = amps[k], lag_degrees = lag[k] }) end
load(main, { amps = 5, pf = 1 })

local function adds_up(volts, why)
    for k, phase in ipairs(letters) do
        local p = volts[k] * amps[k] * math.cos(math.rad(lag[k])) / 1000
        local q = volts[k] * amps[k] * math.sin(math.rad(lag[k])) / 1000
        local exact = on[k]:truth()
        expect(exact.v_an, near(volts[k], "1 ppm"))
        expect(exact.i_a, near(amps[k], "1 ppm"))
        expect(math.abs(exact.kw_a - p) < 1e-6, why)
        expect(math.abs(exact.kvar_a - q) < 1e-6, why)
        expect(exact.kw_total, exact.kw_a)
        expect(exact.kw_b == 0 and exact.kw_c == 0 and exact.i_b == 0 and exact.i_c == 0, why)
        expect(on[k].v_an, near(volts[k], "0.02 %"))
        expect(on[k].kw_a, near(p, "0.05 %"))
        expect(math.abs(on[k].kvar_a - q) < 0.002, why)
        expect(main["v_" .. phase .. "n"], near(volts[k], "0.02 %"))
        expect(main:truth()["kw_" .. phase], near(p + 0.005 * volts[k], "1 ppm"))
        expect(math.abs(main:truth()["kvar_" .. phase] - q) < 1e-6, why)
    end
end
wait "3 s"
adds_up(volts, "as given")
for k = 1, 3 do truth(on[k], "0.2S") end
local energy = on[2]:truth().kwh_import_a
wait "3600 s"
expect(on[2]:truth().kwh_import_a - energy, near(270 * 20 * math.cos(math.rad(36)) / 1000, "1 ppm"))

case "voltages of a phase are those of its meter" (function()
    fault(main, "voltage_shift", "B", "-10 %")
    wait "3 s"
    adds_up({ 277, 243, 284 }, "shift of B")
    clear(main, "voltage_shift")
    event(main, "sag", { phases = "C", percent = 50, duration = "5 s" })
    wait "3 s"
    expect(on[3].v_an, near(142, "0.05 %"))
    expect(on[2].v_an, near(270, "0.05 %"))
end)
case "a lost phase" (function()
    grid { loss = { B = "dead" } }
    wait "3 s"
    expect(on[2].v_an == 0 and on[2].kw_a == 0 and on[2]:truth().kw_a == 0)
    expect(main.v_bn == 0 and main.kw_b == 0)
    expect(on[1].v_an > 276 and on[3].v_an > 283)
    grid { volts_ll = 480, loss = { B = "backfed" } } -- half of the other two
    wait "3 s"
    expect(on[2].v_an, near(480 / 3 ^ 0.5 / 2, "0.05 %"))
    expect(main:truth().v_bn, on[2]:truth().v_an)
end)
case "an earth fault of another phase" (function()
    grid { volts_ll = 400 }
    fault(main, "earth_fault", "A")
    wait "3 s"
    expect(on[1].v_an, 0)
    expect(on[2].v_an, near("400 V", "0.02 %"))
    expect(on[3].v_an, near("400 V", "0.02 %"))
end)
case "flicker and harmonics of a phase" (function()
    grid { flicker = { hz = 8, percent = "20 %", phases = "C" }, harmonics = { b = { { 5, 10, 0 } } } }
    wait "5 s"
    expect(on[1]:truth().v_an, near(277, "1 ppm"))
    expect(on[2]:truth().v_an, near(270 * 1.01 ^ 0.5, "1 ppm"))
    expect(on[3]:truth().v_an, near(284 * 1.005 ^ 0.5, "1 ppm"))
    expect(on[3].v_an, near(284 * 1.005 ^ 0.5, "0.2 %"))
end)
case "loads by power, and those that follow the voltage" (function()
    for k = 1, 3 do load(on[k], { kw = 3, pf = 0.6 }) end
    add_load(on[2], "resistor", { kw = 2 })
    add_load(on[3], "resistor", { amps = 10 })
    wait "3 s"
    local kw = { 3, 5, 3 + 2.84 }
    for k, phase in ipairs(letters) do
        expect(on[k]:truth().kw_total, near(kw[k], "1 ppm"))
        expect(on[k].kvar_total, near("4 kvar", "0.1 %"))
        expect(main:truth()["kw_" .. phase], near(kw[k] + 0.005 * volts[k], "1 ppm"))
    end
end)
case "faults of the sensors are by the meter's own terminals" (function()
    fault(on[2], "ct_reversed", "A")
    fault(on[3], "pt_fuse", "A")
    wait "3 s"
    expect(on[2].kw_a, near(-270 * 20 * math.cos(math.rad(36)) / 1000, "0.05 %"))
    expect(on[3].v_an == 0 and on[3].kw_a == 0)
    fault(on[1], "ct_swapped", "A", 2) -- onto B, where nothing of this meter's load flows
    wait "3 s"
    expect(on[1].i_a < 0.1)
end)
