-- Cases go on from the same warm state, and the scenario knows nothing of them.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
local kwh, calls, random = m.kwh_import, 0, {}

for _, amps in ipairs { 10, 40, 160 } do
    case("at " .. amps .. " A") (function()
        calls = calls + 1
        expect(calls, 1)
        expect(now(), 3)
        expect(m.kwh_import, kwh)
        load { amps = amps }
        wait "3 s"
        expect(m.i_a, near(amps, "0.02 %"))
        case "and reversed" (function()
            fault(m, "ct_reversed", "B")
            wait "3 s"
            expect(m.kw_b, near(-m.kw_a, "0.02 %"))
        end)
        expect(m.kw_b > 0)
    end)
end

expect(now(), 3)
expect(calls, 0)
expect(m.kwh_import, kwh)
wait "3 s"
expect(m.i_a, near("80 A", "0.02 %"))
