-- Cases in cases, some of which fail; tests/sim/cases.sh runs it.
local m = meter { ct_primary = 200, system_voltage = 480 }
watch(m, 131, "u16", "CT")
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
fault(m, "adc_noise", 12)
wait "3 s"
for _, amps in ipairs { 10, 50, 80 } do
    case(amps .. " A") (function()
        load { amps = amps }
        wait(amps .. " s")
        print("a number by chance: " .. math.random(1000000))
        expect(m.i_a, near(amps, "1 %"))
        case "more" (function()
            load { amps = amps + 20 }
            wait "30 s"
            expect(m.i_a, near(amps + 20, "1 %"))
        end)
        case "less" (function()
            load { amps = amps - 5 }
            wait "3 s"
            expect(m.i_a, near(amps, "1 %"))
        end)
    end)
end
wait "1 s"
