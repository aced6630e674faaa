-- In the field: no meter answers at all: the master has even parity, the meters have none.
-- How to tell: every request times out; the meter is silent because each byte has a parity error.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { parity = "even" }
wait "3 s"
for _ = 1, 5 do
    local value, why = bus:try_read(1, 21)
    expect(value, nil)
    expect(why, "timeout")
end
bus:set { parity = "none" }
expect(bus:read(1, 21), "s16", m:read(21, "s16"))

-- Seen from the other side: a meter that answers with a parity that the master does not
-- expect shows as parity errors, so a broken setting and a broken wire differ.
fault(m, "bus_wrong_parity", 2)
bus:set { parity = "odd" }
local _, why = bus:try_read(1, 21)
expect(why, "timeout")
