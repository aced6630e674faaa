-- Faults of the bus that cannot act are refused; a meter that does not answer is no error
-- of try_read.
local m = meter { name = "feeder" }
wait "2 s"

case "without a line" (function()
  for _, name in ipairs { "bus_bad_crc", "bus_answer_late", "bus_swapped", "bus_terminator" } do
    local good, why = pcall(fault, m, name)
    expect(not good, name)
    expect(why:find("acts on RS%-485 alone, and feeder is on no line") ~= nil, why)
  end
end)

case "without a cable" (function()
  line {}
  fault(m, "bus_bad_crc")
  local good, why = pcall(fault, m, "bus_stub", 30)
  expect(not good and why:find("line1 of feeder has no length") ~= nil, why)
end)

case "no answer" (function()
  local value, why = m:try_read(21)
  expect(value ~= nil)
  fault(m, "bus_silence")
  value, why = m:try_read(21)
  expect(value == nil and why == "no answer", why)
  clear(m)
  fault(m, "bus_exception", 6)
  value, why = m:try_read(21)
  expect(value == nil and why == 6, "busy")
  clear(m)
  power(m, "off")
  wait "0.2 s" -- longer than it rides through
  value, why = m:try_write(150, 3)
  expect(value == nil and why == "no answer", why)
  local good, text = pcall(m.read, m, 21)
  expect(not good and text:find("feeder does not answer: it has no power") ~= nil, text)
end)
