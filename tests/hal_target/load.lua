-- A meter at work: two harmonics, an unbalanced load, a master that reads 125 registers four times a
-- second over RS-485, pulses. load.sh asks the image what that takes.
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480,
                  pulse_energy = 10 }
local bus = line { timeout = "200 ms" }
grid { hz = 60.02, volts_ll = 480, harmonics = { { 5, 3, 20 }, { 11, 2, 70 } } }
load { amps = { 150, 120, 90 }, pf = 0.9 }
wait "1.5 s"
local kwh = m.kwh_import
for _ = 1, 120 do
    bus:read(1, 257, 125)
    wait "100 ms"
end
expect(m.alerts, 0)
expect(m.kw_total, near("89.7 kW", "2 %"))
expect(m.kwh_import - kwh > 0.5)
