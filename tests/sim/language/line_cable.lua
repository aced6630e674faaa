-- The copper of a line: formulas of docs/rs485.md.
local m = meter { address = 1, baud = 38400 }
local bus = line { baud = 38400, timeout = "0.1 s" }
wait "2 s"

local function good_of(fields)
  local good = 0
  fields.stub = fields.stub or 0
  fields.terminators = fields.terminators or 2
  if fields.bias == nil then fields.bias = true end
  if fields.shield == nil then fields.shield = true end
  fields.noise = fields.noise or 0
  bus:set(fields)
  for k = 1, 40 do
    if bus:try_read(1, 21, 8) then good = good + 1 end
  end
  return good
end

case "as it should be" (function()
  expect(good_of { cable = "1000 m" }, 40)
end)

-- Half a bit is 13.0 µs; an open end takes 30.3 ns/m, the copper 8.4 ps/m².
case "a terminator is missing" (function()
  expect(good_of { cable = "350 m", terminators = 1 }, 40)
  expect(good_of { cable = "450 m", terminators = 1 } < 5, "38400 baud is too fast")
  expect(good_of { cable = "1400 ft", terminators = 0 } < 5, "nor without any")
end)

case "a terminator half way" (function()
  expect(good_of { cable = "500 m", terminators = "middle" }, 40)
  expect(good_of { cable = "900 m", terminators = "middle" } < 5)
end)

case "a long stub" (function()
  expect(good_of { cable = "100 m", stub = "100 m" }, 40)
  expect(good_of { cable = "100 m", stub = "450 m" } < 5)
end)

case "too long for the rate, and for any" (function()
  expect(good_of { cable = "1.3 km" } < 5, "the copper is too slow")
  expect(good_of { cable = "5 km" }, 0)
end)

case "no bias" (function()
  local good = good_of { cable = "100 m", bias = false }
  expect(good > 2 and good < 35, "stray characters spoil some: " .. good)
  local seen = {}
  for k = 1, 100 do
    local _, why = bus:try_read(1, 21, 8)
    seen[why or "good"] = true
  end
  expect(seen["framing error"] and seen["timeout"], "on both sides")
  expect(good_of { cable = "100 m", bias = "560 ohm" }, 40)
  expect(good_of { cable = "100 m", bias = "2 kohm" } < 40, "too weak a bias")
end)

case "a shield" (function()
  local bare = good_of { cable = "100 m", shield = false, noise = 50 }
  local shielded = good_of { cable = "100 m", noise = 50 }
  expect(shielded > bare, "it keeps pulses off: " .. shielded .. " against " .. bare)
end)

case "the same as faults of a meter" (function()
  good_of { cable = "450 m" }
  for _, name in ipairs { "bus_terminator", "bus_stub", "bus_bias" } do
    if name == "bus_stub" then fault(m, name, 450) else fault(m, name) end
    local good = 0
    for k = 1, 40 do
      if bus:try_read(1, 21, 8) then good = good + 1 end
    end
    expect(good < 35, name)
    clear(m, name)
  end
end)
