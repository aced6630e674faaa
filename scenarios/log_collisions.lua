-- In the field: the load profile that the master reads from the log at night has gaps.
-- How to tell: while it reads (register 158 = 1…10) the meter holds one set of entries: bit 1 of 160. A second
-- sub-interval sets bit 2 and writes into the page that is being read: read faster, or set 158 to 0 between.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, demand_subinterval_s = 10 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "25 s"
local function status(bit) return m:read(160, "u16") >> bit & 1 end
local entries = m:read(163, "u16")
expect(entries > 0)
expect(status(1) + status(2), 0)

case "a quick reader disturbs nothing" (function()
    m:write(158, 1)
    expect(m:read(8000, "u16") ~= 0x8000)
    m:write(158, 0)
    expect(m:read(8000, "u16"), 0x8000)
    wait "20 s"
    expect(m:read(163, "u16"), entries + 2)
    expect(status(1) + status(2), 0)
end)
case "one sub-interval ends: its set is held" (function()
    m:write(158, 1)
    wait "10 s"
    expect(status(1), 1)
    expect(status(2), 0)
    m:write(158, 0)
    wait "10 s"
    expect(m:read(163, "u16"), entries + 2) -- nothing is lost
    expect(status(1) + status(2), 0)
end)
case "two: written under the reader's eyes" (function()
    m:write(158, 1)
    wait "20 s"
    expect(status(2), 1)
    expect(m:read(163, "u16"), entries + 2)
    m:write(158, 0)
    wait "10 s"
    expect(status(1) + status(2), 0)
end)
