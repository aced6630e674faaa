-- In the field: after a power-up at −40 °C a meter answered at address 1 with the settings of a new one.
-- How to tell: crystal and memory were both late, so it took itself for a bare processor on a bench. It
-- stores nothing then, and starts anew as soon as either answers.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
m:write(142, 20)
local kwh = m.kwh_import
fault(m, "crystal_late", "2 s")
fault(m, "nvm_silent")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "1 s"
clear(m, "nvm_silent")
wait "6 s"
expect(m:read(142), "u16", 20)
expect(m.kwh_import >= kwh)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
