-- In the field: one meter cannot be reached; the bus, the rate and the wires are those of its neighbours.
-- How to tell: it answers at another address: a search over 1 to 247 finds it; the menu SETUP shows it.
local m = meter { address = 11, ct_primary = 200, system_voltage = 480 }
local neighbour = meter { address = 2, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line {}
wait "3 s"
local _, why = bus:try_read(1, 21) -- as the plan says
expect(why, "timeout")
expect(bus:read(2, 21), "s16", neighbour:read(21, "s16"))
local found = {}
for id = 1, 20 do
    if bus:try_read(id, 21) then found[#found + 1] = id end
end
expect(#found, 2)
expect(found[2], 11)
expect(bus:read(11, 21), "s16", m:read(21, "s16"))
