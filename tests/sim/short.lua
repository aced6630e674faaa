-- Short, with noise and chance: for tests that run it a thousand times.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 50 + 10 * math.random(), pf = 0.9 }
fault(m, "adc_noise", 40)
every("100 ms", function()
    if chance "20 %" then event(m, "sag", { phases = "B", percent = 30, duration = "50 ms" }) end
end)
wait "2 s"
expect(m.i_a > 49)
case "half" (function()
    load { amps = 25 }
    wait "1 s"
    expect(m.kw_total > 0)
end)
