local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
when(function() return now() > 4 end, function()
    wait "1 s"
    expect(m.i_a, near(40, "1 %"))
end)
wait "10 s"
