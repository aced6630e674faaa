-- In the field: the wrench shows on a healthy meter at a low nominal voltage, or behind PTs.
-- How to tell: read register 146: bits 0 to 2 are over voltage only, and a healthy nominal reads 0. A type 10
-- above 416 V at the input does alarm: the front end clips there.
local function check(type, nominal, ratio, alerts)
    case(("type %d, %g V, PT %g : 1"):format(type, nominal, ratio))(function()
        local m = meter { system_type = type, pt_ratio = ratio, system_voltage = nominal }
        if type == 10 then
            grid { hz = 60, volts_ln = nominal }
        else
            grid { hz = 60, volts_ll = nominal, kind = type == 12 and "split" or "wye" }
        end
        load { amps = 50 }
        wait "3 s"
        expect(m.alerts, alerts)
    end)
end
for _, type in ipairs { 11, 12, 31, 40 } do
    for _, volts in ipairs { 82, 120, 208, 480, 660 } do
        check(type, volts, 1, 0)
    end
    check(type, 2400, 20, 0)
end
for _, volts in ipairs { 82, 120, 347, 415 } do
    check(10, volts, 1, 0)
end
check(10, 480, 1, 1)
