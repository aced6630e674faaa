-- In the field: lamps on phase A are bright and burn out, lamps on phase C are dim.
-- How to tell: L-L voltages are right, L-N voltages are not: the neutral is open, and the star point
-- moves to where the loads pull it (Millman).
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 208 }
grid { hz = 60, volts_ln = 120 }
local amps = { 10, 20, 30 }
add_load("resistor", { amps = amps })
wait "3 s"
expect(m.v_an, near("120 V", "0.02 %"))
expect(m.kw_total, near(0.12 * 60, "0.02 %"))

-- against the source: v0 = sum of v·y over the sum of y
local angle = { { 1, 0 }, { -0.5, -0.75 ^ 0.5 }, { -0.5, 0.75 ^ 0.5 } }
local re, im, kw, volts = 0, 0, 0, {}
for k = 1, 3 do
    re = re + 120 * angle[k][1] * amps[k] / 60
    im = im + 120 * angle[k][2] * amps[k] / 60
end
for k = 1, 3 do
    volts[k] = ((120 * angle[k][1] - re) ^ 2 + (120 * angle[k][2] - im) ^ 2) ^ 0.5
    kw = kw + volts[k] ^ 2 * amps[k] / 120 / 1000
end

grid { neutral_open = true }
wait "3 s"
expect(m.v_an, near(volts[1], "0.02 %")) -- 159 V
expect(m.v_bn, near(volts[2], "0.02 %"))
expect(m.v_cn, near(volts[3], "0.02 %"))
expect(m.v_ab, near(120 * 3 ^ 0.5, "0.02 %"))
expect(m.i_a, near(amps[1] * volts[1] / 120, "0.02 %"))
expect(m.kw_total, near(kw, "0.02 %"))
expect(m.alerts & 0x400, 0x400) -- C is low

grid { neutral_open = false }
wait "3 s"
expect(m.v_an, near("120 V", "0.02 %"))
expect(m.alerts, 0)
