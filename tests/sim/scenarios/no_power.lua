local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
fault(m, "phase_loss", "A")
wait "2 s"
power(m, "off")
wait "0.2 s"
expect(m.v_an, near(277, 1))
