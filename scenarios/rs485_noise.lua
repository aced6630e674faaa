-- In the field: readings drop out now and then with CRC errors, more often when the drive next door runs.
-- How to tell: CRC errors and timeouts come at random times; a wrong value never comes.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "200 ms" }
wait "3 s"
local quiet = bus:poll { id = 1, register = 21, count = 8, every = "100 ms" }
wait "10 s"
quiet:stop()
expect(quiet.good, quiet.sent)

bus:set { noise = 15, noise_width = "60 us" } -- spikes from the drive
local noisy = bus:poll { id = 1, register = 21, count = 8, every = "100 ms" }
local value = m:read(21, "s16")
for _ = 1, 400 do
    wait "100 ms"
    if noisy.registers then expect(noisy.registers[1], value) end
end
expect(noisy.good > 200 and noisy.good < noisy.sent - 20, "some answers come, some do not")
expect(noisy.timeouts > 0, "requests are damaged")
expect(noisy.damaged > 0, "answers are damaged")

bus:set { noise = 0 }
wait "500 ms"
expect(bus:read(1, 21, "s16"), value)
