-- A metering S4100 that nobody polls over RS-485. load.sh counts what the emulator has to do for a second.
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480,
                  pulse_energy = 10 }
grid { hz = 60.02, volts_ll = 480, harmonics = { { 5, 3, 20 }, { 11, 2, 70 } } }
load { amps = { 150, 120, 90 }, pf = 0.9 }
wait "10.3 s"
expect(m.kw_total, near("89.7 kW", "2 %"))
