-- Third parties and further masters on one line: what they send goes out when they send it.
local a, b = meter { address = 1 }, meter { address = 2 }
local bus = line { timeout = "0.5 s" }
local other_request = bus:crc("02 03 00 14 00 01")
wait "2 s"

case "a third party sends while a read waits" (function()
  local sent
  fault(a, "bus_silence")
  after("100 ms", function()
    bus:send("55")
    sent = now()
  end)
  local start = now()
  local value, why = bus:try_read(1, 21)
  expect(value == nil and why, "timeout")
  expect(sent - start, near(0.1, 0.002))
end)

case "a third party in step with the reads" (function()
  local good = 0
  every("1 s", function() bus:send(other_request) end)
  for k = 1, 50 do
    local start = now()
    if bus:try_read(1, 21) then good = good + 1 end
    wait(1 - (now() - start))
  end
  expect(good, 50)
end)

case "a third party with the period of the time-out" (function()
  local good = 0
  after("1 ms", function()
    while true do
      bus:send(other_request)
      wait "0.5 s"
    end
  end)
  for k = 1, 50 do
    if bus:try_read(1, 21) then good = good + 1 end
  end
  expect(good > 40 and good < 50, "it spoils some, not all: " .. good)
end)

case "a second master takes turns" (function()
  local second = bus:master { timeout = "0.2 s" }
  local poll = second:poll { id = 2, register = 21, count = 8, every = "100 ms" }
  local before = bus.collisions
  for k = 1, 100 do bus:read(1, 21) end
  poll:stop()
  wait "1 s"
  expect(poll.sent > 10, "it has its turns")
  expect(poll.good >= poll.sent - 1, "all answered")
  expect(bus.collisions, before)
end)

case "a second master that knows nothing of the first" (function()
  local second = bus:master { timeout = "0.2 s", other_master = true }
  local poll = second:poll { id = 2, register = 21, count = 8, every = "70 ms" }
  local bad, before = 0, bus.collisions
  for k = 1, 100 do
    if not bus:try_read(1, 21) then bad = bad + 1 end
  end
  poll:stop()
  expect(bus.collisions > before, "they collide")
  expect(bad > 0 and bad < 50, "some reads fail: " .. bad)
end)

case "others ask our own meters" (function()
  bus:set { foreign = "50 ms", foreign_ids = { 1, 2 } }
  local before = bus.collisions
  wait "1 s"
  for k = 1, 50 do bus:read(1, 21) end
  expect(bus.foreign_requests > 10, "they are asked")
  expect(bus.collisions, before)
  bus:set { foreign = 0 }
end)
