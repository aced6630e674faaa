-- Faults of the grid: each does what its row says, and leaves nothing behind.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 100, pf = 1 }
local v = 480 / 3 ^ 0.5

local function try(name, phases, value, look)
    case(name) (function()
        if phases then fault(m, name, phases, value) else fault(m, name, value) end
        wait "3 s"
        look()
        truth(m, "0.5") -- the truth is that of the grid with the fault
        clear(m, name)
        wait "3 s"
        expect(m.v_an, near(v, "0.02 %"))
        expect(m.v_bn, near(v, "0.02 %"))
        expect(m.v_bc, near(480, "0.02 %"))
        expect(m.freq, near(60, "5 mHz"))
        expect(m.kw_total, near(3 * v / 10, "0.02 %"))
        truth(m, "0.2S")
    end)
end

wait "3 s"
try("voltage_shift", "B", "-10 %", function()
    expect(m.v_bn, near(0.9 * v, "0.02 %"))
    expect(m.i_b, near(100, "0.02 %"))
    grid { volts_ll = 400 } -- the fault stays with the new grid
    wait "3 s"
    expect(m.v_bn, near(0.9 * 400 / 3 ^ 0.5, "0.02 %"))
    grid { volts_ll = 480 }
    wait "3 s"
end)
try("angle_shift", "C", "30 deg", function()
    expect(m.v_cn, near(v, "0.02 %"))
    expect(m.v_bc, near(2 * v * math.sin(math.rad(45)), "0.02 %"))
end)
try("frequency_shift", nil, "-2 Hz", function() expect(m.freq, near(58, "5 mHz")) end)
try("sequence_reversed", nil, 1, function()
    expect(m.kw_b, near(v / 10, "0.02 %"))
    fault(m, "pt_swapped", "B", 3) -- now the wires cross twice
    fault(m, "pt_swapped", "C", 2)
    wait "3 s"
    expect(m.kw_b, near(-v / 20, "0.05 %")) -- but the CTs do not
    clear(m, "pt_swapped")
    wait "3 s"
end)
try("harmonic_3", "all", "20 %", function()
    expect(m.v_an, near(v * 1.04 ^ 0.5, "0.02 %"))
    expect(m.v_ab, near(480, "0.02 %"))
end)
try("harmonic_5", "all", "20 %", function()
    expect(m.v_an, near(v * 1.04 ^ 0.5, "0.02 %"))
    expect(m.v_ab, near(480 * 1.04 ^ 0.5, "0.02 %"))
end)
case "notches" (function() -- beyond the meter's band, so it sees less of them
    fault(m, "notches", "50 %")
    wait "3 s"
    expect(m.v_an < 0.995 * v)
    expect(m.v_an, near(m:truth().v_an, "1 %"))
end)
case "flicker and notches of one phase" (function()
    wait "3 s"
    local a, b = m:truth().v_an, m:truth().v_bn
    fault(m, "flicker", "B", "20 %")
    fault(m, "notches", "A", "50 %")
    wait "3 s"
    expect(m:truth().v_bn, near(b * 1.005 ^ 0.5, "0.001 %"))
    expect(m:truth().v_an < a)
    expect(m:truth().v_cn, near(b, "0.0001 %"))
end)
case "flicker" (function()
    fault(m, "flicker", "20 %")
    wait "5 s"
    -- a sine of ±10 %: rms × √(1 + 0.1² ÷ 2)
    expect(m.v_an, near(v * 1.005 ^ 0.5, "0.2 %"))
end)
case "neutral_lost" (function()
    load { amps = 0.1 }
    add_load("resistor", { amps = { 100, 100, 20 }, connection = "wye" })
    wait "3 s"
    expect(m.v_cn, near(v, "0.1 %"))
    fault(m, "neutral_lost", { duration = "5 s" })
    wait "3 s"
    expect(m.v_cn > 1.3 * v)
    expect(m.v_bc, near(480, "0.1 %"))
    wait "5 s"
    expect(m.v_cn, near(v, "0.1 %"))
end)
case "earth_fault" (function()
    grid { volts_ll = 400 } -- at 480 V the inputs would clip: 480 V against N
    fault(m, "earth_fault", "A")
    wait "3 s"
    expect(m.v_an, 0)
    expect(m.v_bn, near("400 V", "0.02 %"))
    expect(m.v_cn, near("400 V", "0.02 %"))
    expect(m.v_ab, near("400 V", "0.02 %"))
    expect(m.kw_total, near(3 ^ 0.5 * 40, "0.05 %")) -- two-wattmeter: the same power
end)
