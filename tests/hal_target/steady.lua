-- For the count of instructions: a steady load, one read of all readings each second.
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480,
                  pulse_energy = 10 }
grid { hz = 60.02, volts_ll = 480, harmonics = { { 5, 3, 20 }, { 11, 2, 70 } } }
load { amps = { 150, 120, 90 }, pf = 0.9 }
for _ = 1, 60 do
    wait "1 s"
    m:read(257, 80)
end
expect(m:read(7001), "u16", 1000)
