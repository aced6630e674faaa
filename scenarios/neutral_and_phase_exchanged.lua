-- In the field: two phases of a new panel read 400 V where 230 V is expected.
-- How to tell: N and one phase are exchanged at the meter's terminals. That phase reads 230 V with negative
-- kW, the other two read the line voltage. A lost neutral does not make two phases read exactly that.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 400 }
grid { hz = 50, volts_ll = 400 }
load { amps = 40, pf = 1 }
wait "3 s"
truth(m, "0.2S")
local v = 400 / 3 ^ 0.5
for number, letter in ipairs { "a", "b", "c" } do
    case("N and " .. letter:upper()) (function()
        fault(m, "neutral_swapped", number)
        wait "3 s"
        for _, other in ipairs { "a", "b", "c" } do
            local own = other == letter
            expect(m["v_" .. other .. "n"], near(own and v or 400, "0.02 %"))
            expect(m["kw_" .. other], near((own and -1 or 1.5) * v * 0.04, "0.05 %"))
        end
    end)
end
case "the meter's neutral is off instead" (function()
    fault(m, "neutral_open")
    wait "3 s"
    expect(m.v_an, near(v, "0.02 %")) -- balanced: nothing to see
    truth(m, "0.2S")
end)
