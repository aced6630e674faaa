-- In the field: nothing, but for a counter.
-- How to tell: a transfer between front end and memory failed: a set stands in, nothing else.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local starts, damaged = m:counters().starts, m:counters().sets_damaged
for k = 1, 4 do
    fault(m, "dma_error", 11 * k)
    wait "0.2 s"
    clear(m)
end
wait "1.2 s"
expect(m:counters().starts, starts)
expect(m:counters().sets_damaged >= damaged + 4)
expect(m.alerts, 0)
expect(m.kw_total, near("61.19 kW", "0.2 %"))
