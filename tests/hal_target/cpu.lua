-- What a master reads over RS-485, between the ends of seconds. cpu.sh compares the linked core and the
-- image, with and without time.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, serial = 4100123 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "300 ms" }
wait "2.4 s"
for k = 1, 5 do
    for _, block in ipairs { { 1, 60 }, { 257, 100 } } do
        local words = bus:read(1, block[1], block[2])
        for n = 1, block[2] do print("read", k, block[1] + n - 1, words[n]) end
    end
    expect(bus.answer_start - bus.request_end > 2005) -- µs: t3.5 at 19200 baud
    wait "0.5 s"
end
if m:counters() then expect(m:counters().sets_late or 0, 0) end -- the image's clock has not run back
