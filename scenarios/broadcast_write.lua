-- In the field: a master writes a setting to id 0 for all meters and gets no answer, only timeouts.
-- How to tell: a broadcast is never answered, not even by an exception; each meter shows the new value.
local all = meters(5, { address = 11, system_type = 40, ct_primary = 200, system_voltage = 480 })
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { turnaround = "100 ms" }
wait "3 s"
bus:write(0, 142, 17)
expect(bus.answer_start, nil)
for k, m in ipairs(all) do
    expect(m:read(142), "u16", 17)
    expect(bus:read(10 + k, 142), "u16", 17)
end
bus:write(0, 130, 41) -- no such system type: refused in silence
expect(bus.answer_start, nil)
for _, m in ipairs(all) do expect(m:read(130), "u16", 40) end
expect(bus:frame(bus:crc("00 03 00 14 00 01")), nil) -- a read of all: nobody answers
