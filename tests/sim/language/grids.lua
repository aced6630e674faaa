-- Kinds of grids, sequences, and what is wrong with them.
local m = meter { system_voltage = 240, ct_primary = 100 }
local legs = meter { system_type = 12, system_voltage = 240, ct_primary = 100 }

local function phases(of, a, b, c, ab)
    local t = of:truth()
    expect(t.v_an, near(a, 1e-6))
    expect(t.v_bn, near(b, 1e-6))
    if c then expect(t.v_cn, near(c, 1e-6)) end
    expect(t.v_ab, near(ab, 1e-6))
end

local ln = 240 / 3 ^ 0.5
grid { volts_ll = 240 }
phases(m, ln, ln, ln, 240)
phases(legs, 120, 120, nil, 240)
grid { kind = "wye" } -- what the transformer gives, for two legs too
phases(m, ln, ln, ln, 240)
phases(legs, ln, ln, nil, 240)
grid { kind = "acb" }
phases(m, ln, ln, ln, 240)
grid { kind = "high_leg" }
phases(m, 120, 120 * 3 ^ 0.5, 120, 240)
grid { kind = "corner", volts_ll = 480 }
phases(m, 480, 0, 480, 480)
grid { kind = "split", volts_ll = 240 }
phases(m, 120, 120, 0, 240)
grid { volts = { 120, 110, 100 }, degrees = { 0, 180, 90 } } -- ends the kind
phases(m, 120, 110, 100, 230)

grid { sequences = { 0, "120 V", 0 } }
phases(m, 120, 120, 120, 120 * 3 ^ 0.5)
grid { sequences = { 20, 100, 0 } }
phases(m, 120, (30 ^ 2 + 7500) ^ 0.5, (30 ^ 2 + 7500) ^ 0.5, 100 * 3 ^ 0.5)
grid { sequences = { 20, 100, 0 }, sequence_degrees = { 180, 0, 0 } }
phases(m, 80, (70 ^ 2 + 7500) ^ 0.5, (70 ^ 2 + 7500) ^ 0.5, 100 * 3 ^ 0.5)

-- a later meter has it all
grid { volts_ln = 120, sequence = "ABC", loss = { C = "backfed" } }
local late = meter { system_voltage = 208, ct_primary = 100 }
phases(late, 120, 120, 60, 120 * 3 ^ 0.5)
phases(m, 120, 120, 60, 120 * 3 ^ 0.5)
grid { loss = { C = "motor" }, backfed = 1 }
phases(m, 120, 120, 120, 120 * 3 ^ 0.5)
clear(m, "phase_loss") -- loss is this fault
phases(late, 120, 120, 120, 120 * 3 ^ 0.5)
grid { loss = {} }
grid { loss = { A = "dead" } }
phases(m, 0, 120, 120, 120)
grid { loss = {} }
phases(m, 120, 120, 120, 120 * 3 ^ 0.5)

grid { volts = { 120, 120, 60 }, neutral_open = true } -- to where the three inputs pull it
phases(m, (110 ^ 2 + 300) ^ 0.5, (110 ^ 2 + 300) ^ 0.5, 80, 120 * 3 ^ 0.5)
grid { volts_ln = 120, neutral_open = false }
phases(m, 120, 120, 120, 120 * 3 ^ 0.5)

grid { flicker = { hz = 8, percent = "20 %" } }
phases(m, 120 * 1.005 ^ 0.5, 120 * 1.005 ^ 0.5, nil, 120 * 3.015 ^ 0.5)
grid { flicker = {} }
grid { notch = { percent = 20, width = "10 deg", delay = "30 deg", orders = 20 } }
local notched = m:truth().v_an
expect(notched < 120 and notched > 110)
grid { notch = {} }
phases(m, 120, 120, 120, 120 * 3 ^ 0.5)

-- of some phases: the others have none, and what is given later is for all again
grid { flicker = { hz = 8, percent = "20 %", phases = "B" },
    notch = { percent = 20, width = "10 deg", delay = "30 deg", orders = 20, phases = "CA" } }
expect(m:truth().v_an, near(notched, 1e-6))
expect(m:truth().v_bn, near(120 * 1.005 ^ 0.5, 1e-6))
grid { flicker = { hz = 8, percent = "20 %" }, notch = {} }
phases(m, 120 * 1.005 ^ 0.5, 120 * 1.005 ^ 0.5, nil, 120 * 3.015 ^ 0.5)
grid { flicker = {} }
wait "1 s"
