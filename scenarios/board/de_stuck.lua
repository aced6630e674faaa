-- In the field: the meter does not answer; its display shows that it meters.
-- How to tell: with 1 it hears and its answers do not leave (writes take effect), with 2 it hears nothing.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "300 ms" }
wait "2 s"
expect(bus:read(1, 28), "u16", 6000)
for how = 1, 2 do
    fault(m, "de_stuck", how)
    expect(bus:try_read(1, 28), nil)
    bus:try_write(1, 131, 200)
    clear(m)
    expect(bus:read(1, 131), how == 1 and 200 or 100)
    bus:write(1, 131, 100)
end
