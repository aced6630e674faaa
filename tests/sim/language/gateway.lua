-- A gateway before a line: its client's outcomes, its counters, its settings while it runs.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
local bus = line { }
wait "3 s"
local g = gateway { line = bus, connections = 2, timeout = "200 ms" }

case "outcomes" (function()
  expect(g:read(1, 130), 40)
  expect(g:request(1, "03 00 81 00 01"), "03 02 00 28")
  local value, code = g:try_read(1, 1000)
  expect(value, nil)
  expect(code, 2)
  expect(select(2, g:try_read(9, 1)), 11)
  local _, message = pcall(g.read, g, 9, 1)
  expect(message:find("gateway:read of unit 9: exception 11", 1, true) ~= nil)
  _, message = pcall(g.read, g, 1, "x")
  expect(message ~= nil)
  _, message = pcall(function() return g.counter end)
  expect(message:find("a gateway has no field 'counter'; did you mean 'counters'?", 1, true) ~= nil)
end)

case "connections" (function()
  expect(g:read(1, 130), 40)
  expect(g:client():read(1, 130), 40)
  local third = g:client()
  expect(select(2, third:try_read(1, 130)), "refused")
  g:set { next = "evicts" }
  expect(third:read(1, 130), 40)
  expect(g:counters().refused, 1)
  expect(g:counters().evicted, 1)
  expect(g:read(1, 130), 40) -- it connects anew
end)

case "behind each answer" (function()
  g:set { keep_alive = false }
  expect(g:read(1, 130), 40)
  expect(g:counters().clients, 0)
  expect(g:read(1, 130), 40)
end)

case "a full queue that drops" (function()
  g:set { queue = 0, full = "drop" }
  local why
  local second = g:client()
  after("1 ms", function() why = select(2, second:try_read(1, 130)) end)
  expect(g:read(1, 1, 28) ~= nil)
  expect(why, "closed")
end)
