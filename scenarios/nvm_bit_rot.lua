-- In the field: the wrench icon shows, bit 7 of register 146 is set, a log entry reads 0x8000.
-- How to tell: one wrong bit at a time is corrected by check codes and nothing is seen. Two together are
-- lost: bit 7 stays over power cycles until what was lost is written anew.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480,
                  demand_subinterval_s = 10 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "31 s"
m:write(158, 8) -- the clock, day and month
expect(m:read(8000), "u16", 0x0101)

local function rot(address, bit)
    fault(m, "nvm_bit_rot", 8 * address + bit + 1)
    clear(m, "nvm_bit_rot")
end

-- the newest entry of log 8 is its third: ring of 5762 entries of three bytes
local entry = 0x2000 + 3 * (7 * 5762 + 2)
rot(entry, 4)
expect(m:read(8000), "u16", 0x0101)
rot(entry + 1, 2)
expect(m:read(8000), "u16", 0x8000)
expect(m:read(8001), "u16", 0x0101)
within("2 s", function() return m.alerts == 0x80 end)
m:write(129, 16640)
within("2 s", function() return m.alerts == 0 end)

-- one bit of either copy of the energies, with the meter off
for slot = 0, 1 do
    local kwh = m.kwh_import
    power(m, "off")
    wait "0.2 s" -- longer than it rides through
    rot(0x400 + 0x400 * slot + 24, 3)
    power(m, "on")
    expect(m.kwh_import >= kwh)
    expect(m:read(146), "u16", 0)
    wait "1.5 s"
end
