-- What a run says must not depend on snapshots in it. cpu.sh runs this twice, the second time with
-- `snapshots` set.
local snapshots = false
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60.02, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
for k = 1, 6 do
    wait "0.2503 s"
    if snapshots then
        save "here"
        wait "0.3107 s"
        m:read(1, 60)
        restore "here"
    end
    if k % 2 == 0 then
        local words = m:read(1, 60)
        for n = 1, 60 do print(k, n, words[n]) end
    end
end
expect(m.alerts, 0)
