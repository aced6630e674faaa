-- In the field: the meter answers no read; its display is dark. An update went wrong, or its flash has aged.
-- How to tell: 0x11 answers with status 00 and "RESET SYSTEM RUNNING"; reads get exception 01. metersim flash mends it.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "300 ms" }
wait "2 s"
fault(m, "image_damaged", 300000)
expect(bus:read(1, 28), "u16", 6000)
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "0.5 s"
expect(bus:request(1, "11"):sub(1, 11), "11 51 F7 00")
local nothing, code = bus:try_read(1, 28)
expect(nothing, nil)
expect(code, 1)
-- The same bit again: as it was made.
clear(m)
fault(m, "image_damaged", 300000)
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2 s"
expect(bus:read(1, 28), "u16", 6000)
expect(bus:request(1, "11"):sub(1, 11), "11 29 F7 FF")
