-- What the cable's faults do reaches Modbus TCP through a gateway: damaged frames are exception 0B.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, baud = 38400 }
local bus = line { baud = 38400, cable = "1200 m", bias = true, noise = 0 }
wait "3 s"
local g = gateway { line = bus, timeout = "100 ms" }

local function failures()
  local count = 0
  for poll = 1, 20 do
    local value, code = g:try_read(1, 130, 10)
    if not value then
      -- A stray 00 behind an answer leaves its CRC valid, and its length wrong.
      expect(code == 11 or code == "wrong length", tostring(code))
      count = count + 1
    end
  end
  return count
end

expect(failures(), 0)
fault(m, "bus_terminator")
expect(failures() > 10)
clear(m)
fault(m, "bus_stub", "1000 m")
expect(failures() > 10)
clear(m)
bus:set { cable = "1200 m", noise = 200 }
local shielded = failures()
fault(m, "bus_shield")
expect(failures() > shielded)
clear(m)
bus:set { cable = "100 m", noise = 0 }
expect(failures(), 0)
fault(m, "bus_bias") -- the idle line floats: stray characters around frames
expect(failures() > 0)
clear(m)
g:try_read(1, 130) -- what has strayed in before is in front of this answer
expect(failures(), 0)
