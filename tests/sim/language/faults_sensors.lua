-- Faults of CTs, rope CTs and inputs, against their formulas.
local m = meter { ct_primary = 200, system_voltage = 480 }
local r = meter { model = "s4000r", system_voltage = 480, ct_primary = 1000 }
grid { volts_ll = 480 }
load { amps = 100, pf = 0.5 }
local v, tan = 480 / 3 ^ 0.5, math.tan
local kw = v * 100 * 0.5 / 1000

local function try(name, set, look)
    case(name) (function()
        set()
        wait "3 s"
        look()
        clear(m)
        clear(r)
        wait "3 s"
        truth(m, "0.2S")
        truth(r, "0.5")
    end)
end
local function on(meter, name, phases, value)
    return function() fault(meter, name, phases, value) end
end

-- P of a load at PF 0.5 when its CT leads by an angle of this tangent
local function leads(t)
    return kw * (1 + 3 ^ 0.5 * t) / (1 + t * t)
end

wait "3 s"
local t15 = tan(math.rad(15 / 60))
try("ct_shorted_turns", on(m, "ct_shorted_turns", "A", "10 %"), function()
    expect(m.i_a, near("90 A", "0.05 %"))
    local t = t15 * 1.9 / (2 * 0.81)
    expect(m.kw_a, near(0.9 * leads(t), "0.05 %"))
end)
try("ct_gap", on(m, "ct_gap", "B", 100), function()
    expect(m.kw_b, near(leads(t15 * 3.5), "0.05 %"))
end)
try("ct_second_conductor", on(m, "ct_second_conductor", "A", 2), function()
    expect(m.i_a, near("100 A", "0.02 %"))
    expect(m.kw_a, near(v * 100 * math.cos(math.rad(120)) / 1000, "0.05 %"))
end)
try("ct_loops", on(m, "ct_loops", "A", 2), function()
    expect(m.i_a, near("200 A", "0.02 %"))
end)
try("ct_common_lead", function()
    fault(m, "ct_common_lead", "all", "5 %")
    load { amps = { 100, 0, 0 } }
end, function()
    expect(m.i_a, near("105 A", "0.02 %"))
    expect(m.i_b, near("5 A", "0.05 %"))
end)
try("ct_common_lead, balanced", on(m, "ct_common_lead", "all", "5 %"), function()
    expect(m.i_a, near("100 A", "0.02 %"))
end)

try("rope_gap", on(r, "rope_gap", "A", "10 %"), function()
    expect(r.i_a, near(100 * (1 - 0.15), "0.05 %"))
end)
try("rope_wraps", on(r, "rope_wraps", "A", 3), function()
    expect(r.i_a, near("300 A", "0.05 %"))
end)
try("rope_drift", function()
    fault(r, "rope_drift", "A", 200)
    fault(r, "temperature", "65 degC")
end, function()
    expect(r.i_a, near(100 * 1.008 * (1 + 40 * 0.00015), "0.01 %"))
    expect(r.i_b, near(100 * (1 + 40 * 0.00015), "0.01 %"))
end)

try("pt_wrong_ratio", on(m, "pt_wrong_ratio", "A", 2), function()
    expect(m.v_an, near(v / 2, "0.02 %"))
    expect(m.kw_a, near(kw / 2, "0.02 %"))
end)
try("input_resistance", on(m, "input_resistance", "A", "100 kohm"), function()
    expect(m.v_an, near(v / 1.04, "0.02 %"))
end)
try("input_crosstalk", on(m, "input_crosstalk", "A", "10 %"), function()
    -- |0.9 + 0.1 · 1∠−120°|
    expect(m.v_an, near(v * ((0.9 - 0.05) ^ 2 + 0.03 * 0.25) ^ 0.5, "0.02 %"))
    expect(m.v_bn, near(v, "0.02 %"))
end)
try("neutral_swapped", function()
    grid { volts_ll = 400 } -- at 480 V the inputs would clip
    fault(m, "neutral_swapped", 1)
end, function()
    expect(m.v_an, near(400 / 3 ^ 0.5, "0.02 %"))
    expect(m.v_bn, near(400, "0.02 %"))
    expect(m.v_cn, near(400, "0.02 %"))
    expect(m.kw_a, near(-400 / 3 ^ 0.5 * 0.05, "0.05 %"))
end)
try("neutral_drop", function()
    fault(m, "neutral_drop", "100 mohm")
    load { amps = { 100, 0, 0 } }
end, function()
    expect(m.v_an, near(v - 10, "0.02 %"))
    expect(m.v_bn, near((v * v + 10 * v + 100) ^ 0.5, "0.02 %"))
end)
