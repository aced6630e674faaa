-- In the field: a customer doubts the bill: is the meter within its accuracy class at every load?
-- How to tell: every reading stays within class 0.2S of the wave's truth, from 1 % to 120 % of the CTs' rating.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 100 }
wait "3 s"
for _, percent in ipairs { 1, 2, 5, 10, 20, 50, 100, 120 } do
    for _, pf in ipairs { "1", "0.5 lag", "0.8 lead", "-0.9" } do
        case(percent .. " % of rated, PF " .. pf) (function()
            load { amps = percent / 100 * 200, pf = pf }
            wait "3 s"
            truth(m, "0.2S")
            wait "1 min"
            truth(m, "0.2S")
        end)
    end
end
