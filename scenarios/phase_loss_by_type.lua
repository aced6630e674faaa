-- In the field: a phase is lost; which bits of register 146 and which readings show it?
-- How to tell: by the system type. Each type has only the bits of the phases that it has.
local wirings = {
    { type = 12, volts = 240, lost = "A", bit = 0x100, zero = "v_an", whole = "v_bn" },
    { type = 12, volts = 240, lost = "B", bit = 0x200, zero = "v_bn", whole = "v_an" },
    { type = 31, volts = 480, lost = "C", bit = 0x400, whole = "v_ab" },
    { type = 40, volts = 480, lost = "A", bit = 0x100, zero = "v_an", whole = "v_bc" },
    { type = 40, volts = 480, lost = "C", bit = 0x400, zero = "v_cn", whole = "v_ab" },
}
for _, w in ipairs(wirings) do
    case("type " .. w.type .. ", " .. w.lost) (function()
        local m = meter { system_type = w.type, ct_primary = 200, system_voltage = w.volts,
            phase_loss_rule = "drop" } -- a dead line leaves 58 % of a delta's voltages
        grid { volts_ll = w.volts }
        load { amps = 50, pf = 0.9 }
        wait "3 s"
        expect(m.alerts & 0x700, 0)
        expect(m.alarm_contact, false)
        local whole = m[w.whole]
        fault(m, "phase_loss", w.lost)
        within("3 s", function() return m.alerts & w.bit ~= 0 end)
        wait "2 s"
        if w.zero then expect(m[w.zero], near(0, "10 mV")) end
        expect(m[w.whole], near(whole, "0.02 %"))
        expect(m.led_red and m.alarm_contact)
        truth(m, "0.5")
        clear(m)
        wait "3 s"
        expect(m.alerts & 0x700, 0)
        truth(m, "0.5")
    end)
end
