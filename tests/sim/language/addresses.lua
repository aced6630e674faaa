-- `meters` counts addresses up, from the one given or from 1, so that each meter answers
-- on a line; the caller's fields stay as they were.
local fields = { ct_primary = 100 }
local first, next_ones = meters(3, fields), meters(3, { address = 5 })
local bus = line { turnaround = "100 ms" }
wait "3 s"
for n, m in ipairs(first) do
    m:write(142, 20 + n)
    next_ones[n]:write(142, 30 + n)
end
for n = 1, 3 do
    expect(bus:read(n, 142), "u16", 20 + n)
    expect(bus:read(4 + n, 142), "u16", 30 + n)
end
expect(fields.address, nil)

-- More than there are addresses go round: the 248th is 1 again.
for _, m in ipairs(first) do power(m, "off") end
for _, m in ipairs(next_ones) do power(m, "off") end
local many = meters(248, {})
expect(#many, 248)
local other = line { meters = { many[247], many[248] } }
wait "3 s"
expect(other:read(247, 130), "u16", 40)
expect(other:read(1, 130), "u16", 40)
