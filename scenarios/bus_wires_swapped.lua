-- In the field: a new meter does not answer; all others do, as before.
-- How to tell: its + and − are exchanged: it receives every bit inverted, and answers at no rate or parity.
local m = meter { address = 1, ct_primary = 200, system_voltage = 480 }
local other = meter { address = 2, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line {}
fault(m, "bus_swapped")
wait "3 s"
for _, baud in ipairs { 9600, 38400, 19200 } do
    bus:set { baud = baud }
    local _, why = bus:try_read(1, 21)
    expect(why, "timeout")
end
expect(bus:read(2, 21), "s16", other:read(21, "s16"))
clear(m)
expect(bus:read(1, 21), "s16", m:read(21, "s16"))
