-- In the field: an outdoor meter drifts against the utility's meter in winter and is right again in spring.
-- How to tell: V and A drift together with the temperature (gain and reference), kW by twice as much; the
-- frequency reads off by the crystal's drift.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
fault(m, "adc_reference", 25)
fault(m, "clock_drift", -0.034)
wait "3 s"
truth(m, "0.2S")
for _, celsius in ipairs { -30, 0, 25, 60 } do
    case(celsius .. " °C") (function()
        fault(m, "temperature", celsius)
        wait "4 s"
        local warmer = celsius - 25
        local gain = (1 + 50e-6 * warmer) / (1 + 25e-6 * warmer)
        expect(m.v_an, near(480 / 3 ^ 0.5 * gain, "0.01 %"))
        expect(m.kw_total, near(m:truth().kw_total * gain ^ 2, "0.02 %"))
        expect(m.freq, near(60 / (1 - 0.034e-6 * warmer ^ 2), "1 mHz"))
    end)
end
