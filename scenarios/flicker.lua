-- In the field: the lamps flicker, but the meter's voltage stands still; which is right?
-- How to tell: both. At 8.8 Hz a one-second result averages all the ups and downs, so it rises very
-- little. Only a slow load (a mill, a hoist) makes the readings swing.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 208 }
grid { hz = 60, volts_ln = 120, flicker = { hz = 8.8, percent = "10 %" } }
wait "3 s"
local rms = 120 * (1 + 0.05 ^ 2 / 2) ^ 0.5 -- from crest to crest 10 %: an amplitude of 5 %
for _ = 1, 5 do
    wait "1 s"
    expect(m.v_an, near(rms, "0.1 %"))
end
expect(m:truth().v_an, near(rms, "10 ppm"))

grid { flicker = { hz = 0.1, percent = 10, rectangular = true } }
wait "3 s"
local low, high = m.v_an, m.v_an
for _ = 1, 12 do
    wait "1 s"
    low, high = math.min(low, m.v_an), math.max(high, m.v_an)
end
expect(high - low, near(12, "2 V"))

grid { flicker = {} }
wait "3 s"
expect(m.v_an, near("120 V", "0.02 %"))
expect(m.alerts, 0)
