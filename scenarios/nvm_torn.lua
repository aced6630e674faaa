-- In the field: a loose supply terminal cuts the meter's power at any moment, also while it writes memory.
-- How to tell: the power-up count (register 152) has risen. Energy goes on from at most a second
-- before the cut, and every setting that was answered is there.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2.5 s"

for cut = 1, 500, 29 do
    m:write(142, 10 + cut % 80)
    local kwh = m.kwh_import
    fault(m, "nvm_torn", cut)
    wait "2.2 s"
    clear(m, "nvm_torn")
    power(m, "on")
    expect(m.kwh_import >= kwh)
    expect(m:read(142), "u16", 10 + cut % 80)
    expect(m:read(131), "u16", 200)
    expect(m:read(146), "u16", 0)
    wait "1.4 s"
end
expect(m:read(152), "u16", 1 + 18)
