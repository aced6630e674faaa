-- In the field: a data logger gets Modbus exceptions; which are its own mistakes?
-- How to tell: 01 wrong function, 02 wrong address, 03 wrong value; nothing has changed in the meter.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"

local function refused(code, result, exception)
    expect(result, nil)
    expect(exception, code)
end

expect(m:request("01 00 00 00 01"), "81 01") -- coils: no such function
refused(2, m:try_read(113))                  -- between the lists
refused(2, m:try_read(21, 125))              -- runs out of the list
expect(m:request("03 00 14 00 7E"), "83 03") -- 126 registers
expect(m:request("03 00 14 00"), "83 03")    -- too short

refused(2, m:try_write(21, 0))   -- a reading
refused(2, m:try_write(277, 0))  -- a float
refused(3, m:try_write(130, 41)) -- no such system type
refused(3, m:try_write(131, 0))
refused(3, m:try_write(134, 661))
refused(3, m:try_write(129, 12345))
expect(m:read(130), "u16", 40)
expect(m:read(131), "u16", 200)

refused(3, m:try_write(131, 300, 2)) -- all or nothing: 132 is 1 or 3
expect(m:read(131), "u16", 200)
m:write(131, 300, 1)
expect(m:read(131, 2)[1], 300)

expect(m:read(129), "u16", 0)
local resets = m:read(147, "u16")
m:write(129, 30078) -- clear energies
expect(m.kwh_import, 0)
expect(m:read(147, "u16"), resets + 1)

power(m, "off")
wait "0.2 s" -- longer than it rides through
expect(no_reading(m.kw_total))
power(m, "on")
expect(m:read(131), "u16", 300) -- what was written stays
expect(m:read(152, "u16"), 2)   -- power-ups
