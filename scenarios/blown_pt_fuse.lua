-- In the field: a third of the energy is missing, motors run well, the red alarm LED is lit.
-- How to tell: one voltage input is dead but its current still flows. With a neutral it reads 0 V;
-- without one, both line voltages of that phase read half. A lost phase loses its current, too.
local function plant(wiring)
    wiring.ct_primary, wiring.system_voltage = 200, 480
    local m = meter(wiring)
    grid { hz = 60, volts_ll = 480 }
    load { amps = 80, pf = 1 }
    wait "3 s"
    return m
end

case "with a neutral" (function()
    local m = plant { system_type = 40 }
    local kw = m.kw_total
    fault(m, "pt_fuse", "B", { duration = "10 s" })
    wait "3 s"
    expect(m.v_bn, 0)
    expect(m.i_b, near("80 A", "0.02 %"))
    expect(m.kw_total, near(kw * 2 / 3, "0.02 %"))
    expect(m.alerts & 0x700, 0x200)
    wait "10 s"
    expect(m.kw_total, near(kw, "0.02 %"))
    expect(m.alerts, 0)
end)
case "without" (function()
    local m = plant { system_type = 31 }
    fault(m, "pt_fuse", "A")
    wait "3 s"
    expect(m.v_bc, near("480 V", "0.02 %"))
    expect(m.v_ab, near("240 V", "0.02 %"))
    expect(m.v_ac, near("240 V", "0.02 %"))
    expect(m.i_a, near("80 A", "0.02 %"))
end)
case "a lost phase instead" (function()
    local m = plant { system_type = 40 }
    fault(m, "phase_loss", "B")
    wait "3 s"
    expect(m.v_bn, 0)
    expect(m.i_b, 0)
    truth(m, "0.2S") -- nothing is wrong with the meter
end)
