local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
case "80 A" (function() wait "2 s" expect(m.i_a, near(80, "1 %")) end)
case "50 A" (function()
    load { amps = 50 }
    wait "2 s"
    expect(m.i_a, near(80, "1 %"))
end)
case "wrong" (function() pcall(wait, "1 s") fault(m, "ct_opened") end)
