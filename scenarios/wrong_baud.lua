-- In the field: one meter of several never answers: timeouts, whatever is asked.
-- How to tell: it is set to 9600 baud, the line runs at 19200; it answers a master at 9600.
local m = meter { address = 1, system_type = 40, ct_primary = 200, system_voltage = 480 }
local odd_one = meter { address = 2, baud = 9600, system_type = 40, ct_primary = 200,
                        system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { baud = 19200 }
wait "3 s"
for _ = 1, 5 do
    expect(bus:read(1, 21), "s16", m:read(21, "s16"))
    local value, why = bus:try_read(2, 21)
    expect(value, nil)
    expect(why, "timeout")
end
bus:set { baud = 9600 }
expect(bus:read(2, 21), "s16", odd_one:read(21, "s16"))
local _, why = bus:try_read(1, 21)
expect(why, "timeout")
