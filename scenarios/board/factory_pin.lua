-- In the field: never; at the factory: a board on the bench that may be calibrated and tested.
-- How to tell: function 0x42 with 02 reads who the meter is, the state of its seal among it; with 20
-- to 2F it works in the factory state alone.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2 s"
expect(m:request("42 20"), "C2 01")
fault(m, "factory_pin")
expect(m:request("42 20"), "C2 01")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m.alerts, 0)
expect(m:counters().faults.factory_pin, true)
expect(m:request("42 20"):sub(1, 14), "42 20 3C 00 00")
-- Voltage A and current B read 1 % more.
m:request("42 21" .. " 00 00 27 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 27 10 00 00 00 00"
    .. (" 00 00 00 00"):rep(9))
wait "2 s"
expect(m.v_an, near("279.9 V", "0.05 %"))
expect(m.i_b, near("80.8 A", "0.05 %"))
-- Sealed; then the seal is broken by whoever knows the serial number.
expect(m:request("42 2E"), "42 2E")
expect(m:request("42 20"), "C2 01")
expect(m:request("42 2F 00 00 00 01"), "C2 03")
expect(m:request("42 2F 00 00 03 E8"), "42 2F")
expect(m:request("42 02"):sub(1, 44), "42 02 19 00 00 01 00 00 03 E8 05 00 01 00 01")
-- With the pin open it is a meter like any other, and stays calibrated.
fault(m, "factory_pin", 0)
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2.5 s"
expect(m:request("42 2E"), "C2 01")
expect(m:request("42 2F 00 00 03 E8"), "C2 01")
expect(m.v_an, near("279.9 V", "0.05 %"))
