-- In the field: kW is too low and one phase's power factor looks wrong; is its CT reversed or on another phase?
-- How to tell: a reversed CT changes the sign of kW and keeps its size; on another phase the size changes.
-- Switch loads phase by phase: the current follows the conductor on which the CT really sits.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = { 80, 50, 30 }, pf = 0.92 }
wait "3 s"
truth(m, "0.2S")
local kw, kvar, amps = m.kw_a, m.kvar_a, m.i_a

case "reversed: size and angle stay, signs change" (function()
    fault(m, "ct_reversed", "A")
    wait "3 s"
    expect(m.i_a, near(amps, "0.02 %"))
    expect(m.kw_a, near(-kw, "0.02 %"))
    expect(m.kvar_a, near(-kvar, "0.02 %"))
    expect(m.pf_a, near(-0.92, 0.0005))
    load { amps = { 80, 10, 30 }, pf = 0.92 }
    wait "3 s"
    expect(m.kw_a, near(-kw, "0.02 %")) -- B's load is nothing to it
end)
case "on phase B: another angle, and B's amperes" (function()
    fault(m, "ct_swapped", "A", 2)
    wait "3 s"
    expect(m.i_a, near("50 A", "0.02 %"))
    local lag = math.acos(0.92) + math.rad(120)
    expect(m.kw_a, near(480 / 3 ^ 0.5 * 50 * math.cos(lag) / 1000, "0.1 %"))
    expect(m.kw_a < 0 and math.abs(m.pf_a) < 0.8)
    load { amps = { 80, 10, 30 }, pf = 0.92 }
    wait "3 s"
    expect(m.i_a, near("10 A", "0.05 %")) -- it follows B
end)
case "on phase B and turned: positive, and yet wrong" (function()
    fault(m, "ct_swapped", "A", 2)
    fault(m, "ct_reversed", "A")
    wait "3 s"
    expect(m.kw_a > 0)
    expect(math.abs(m.pf_a) < 0.8) -- the others have 0.92
    expect(m.i_a, near(m.i_b, "0.02 %"))
end)
