-- Triggers: at a time, at an event, at the Nth poll, by chance; what they call may wait.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
monotonic(function() return m.kwh_import end)
conserved(function() return m.kwh_net - m.kwh_import + m.kwh_export end, "1 Wh")
wait "3 s"
truth(m, "0.2S")

local seen, ticks = {}, 0
after("2 s", function()
    seen.after = now()
    wait "1 s"
    seen.later = now()
end)
every("500 ms", function() ticks = ticks + 1 end)
when(function() return m.i_a < 50 end, function()
    seen.low = m.i_a
    load { amps = 60 }
    wait "3 s"
    seen.back = m.i_a
end)
wait "3.1 s"
expect(seen.after, 5)
expect(seen.later, 6)
expect(ticks, 6)
load { amps = 10 }
wait "10 s"
expect(seen.low < 50)
expect(seen.back, near("60 A", "0.02 %"))
truth(m, "0.2S")

on_poll(m, 2, function() fault(m, "ct_open", "A") seen.poll = now() end)
m:read(21)
expect(seen.poll == nil)
m:read(21)
expect(seen.poll, now())
wait "3 s"
expect(m.i_a, 0)
clear(m)

local hits = 0
for _ = 1, 10000 do
    if chance "5 %" then hits = hits + 1 end
end
expect(hits, near(500, 66)) -- three sigma
expect(not chance(0) and chance(1))
wait "3 s"
expect(always_until(function() return m.i_a > 1 end,
    function() return m.kwh_import > 0.5 end) > 1)
truth(m, "0.2S") -- energies since the fault are booked anew
wait "2 min"
truth(m, "0.2S")
