-- In the field: the building system counts no more pulses although the meter shows load.
-- How to tell: the contact stays closed (or open) while the green LED goes on blinking: the relay has failed,
-- not the meter. Registers 1 and 21 are right.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, pulse_energy = 1000 }
grid { hz = 60, volts_ll = 480 }
load { amps = 150, pf = 1 }
wait "3 s"
truth(m, "0.2S")
wait "2 min"
expect(m.energy_closures > 1)

for name, closed in pairs { contact_welded = true, contact_stuck_open = false } do
    case(name) (function()
        fault(m, name, 1)
        local before, blinks = m.energy_closures, 0
        always(function() return m.energy_contact == closed end)
        when(function() return m.led_green end, function() blinks = blinks + 1 end)
        wait "3 min"
        expect(m.energy_closures <= before + 1)
        expect(blinks, 1)
        truth(m, "0.2S")
    end)
end
