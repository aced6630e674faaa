-- What one sees: nothing; this exercises every kind of tape record.
-- How to tell: the hash of its tape is the same with every compiler and at any speed.
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480,
                  pulse_energy = 10 }
grid { hz = 59.7, volts_ll = 480, harmonics = { { 5, 3, 20 }, { 7, 2, 200 } } }
load { amps = { 80, 40, 20 }, pf = 0.92, harmonics = { { 5, 20, 0 } } }
fault(m, "adc_noise", "12 codes")

wait "2 s"
expect(m.kw_a, near(20.4, "2 %"))
fault(m, "ct_reversed", "B")
wait "1.37 s"
m:write(142, 20)
fault(m, "phase_loss", "C")
wait "1 s"
clear(m)
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.2 s"
expect(m:read(142), "u16", 20)
