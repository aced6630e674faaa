-- "The counter jumps" (docs/field.md): each cause, and what a reader makes of it.
-- 655.30 kWh stand 6 counts of 0.01 kWh below the low word's end.
local m = meter { ct_primary = 200, system_voltage = 480, kwh_import = 655.30, kwh_export = 2 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 1 } -- 66.5 kW: 1.108 kWh a minute
wait "2 s"
local before = m:read(3, "u32")
expect(m:read(141), "s16", -2)

case "halves read apart" (function()
  local high = m:read(3)[1]
  wait "1 min"
  local apart = high * 65536 + m:read(4)[1]
  expect(apart < before, "it falls back by 655.36 kWh: " .. apart)
  expect(m:read(3, "u32") > before)
end)

case "the low word alone" (function()
  wait "1 min"
  expect(m:read(4)[1] < 200 and m:read(3, "u32") > 65536, "it begins anew at 655.36 kWh")
end)

case "the net register" (function()
  expect(m:read(1, "s32"), near(before - 200, 2)) -- import less export
  load { amps = 80, lag_degrees = 180 }
  local net = m:read(1, "s32")
  wait "1 min"
  expect(m:read(1, "s32") < net, "it falls while energy is exported")
end)

case "word order" (function()
  local r = m:read(3, 2)
  expect(r[2] * 65536 + r[1] > 4e9, "4.29e9 counts, then 65537 times as much a step")
end)

case "roll-over" (function()
  local high = meter { ct_primary = 200, system_voltage = 480, kwh_import = 42949672.90 }
  grid(high, { hz = 60, volts_ll = 480 })
  load(high, { amps = 80, pf = 1 })
  wait "1 min"
  expect(high:read(3, "u32") < 200, "2^32 counts are the end")
end)

case "a time-out taken for 0" (function()
  local bus = line { timeout = "0.2 s" }
  fault(m, "bus_answer_lost")
  local value, why = bus:try_read(1, 3, "u32")
  expect(value == nil and why == "timeout", "a client that writes 0 for it makes a spike")
end)
