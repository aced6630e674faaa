-- In the field: a hoist lifts and feeds back in turn; a meter that nets each second shows no energy.
-- How to tell: import and export both count, at half the power. The meter decides direction by the
-- line cycle, not by the second: six cycles in, six cycles out.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
local kw = 3 ^ 0.5 * 0.48 * 100
wait "3 s"

for _ = 1, 100 do
    load { amps = 100, pf = 1 }
    wait "0.1 s"
    load { amps = 100, pf = 1, export = true }
    wait "0.1 s"
end
load { amps = 0 }
wait "2 s"
local t = m:truth()
expect(t.kwh_import, near(kw * 10 / 3600, "10 ppm"))
expect(t.kwh_export, near(kw * 10 / 3600, "10 ppm"))
expect(m.kwh_import, near(kw * 10 / 3600, "0.5 %"))
expect(m.kwh_export, near(kw * 10 / 3600, "0.5 %"))
expect(m.kwh_net, near(0, "0.001 kWh"))

-- two seconds each way
local import, export = m.kwh_import, m.kwh_export
for _ = 1, 15 do
    load { amps = 100, pf = 1 }
    wait "2 s"
    load { amps = 100, pf = 1, export = true }
    wait "2 s"
end
load { amps = 0 }
wait "2 s"
expect(m.kwh_import - import, near(kw * 30 / 3600, "0.5 %"))
expect(m.kwh_export - export, near(kw * 30 / 3600, "0.5 %"))
