-- In the field: after years the building system books one month of minus four billion kWh.
-- How to tell: register 3 has 32 bits: after 4294967295 comes 0. (Register 1 is signed: after 2147483647 comes 0.)
-- A master must take differences modulo 2^32. The float registers do not roll over there.
local step = 0.01 -- kWh a count, by register 141
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480,
                  kwh_import = 2 ^ 32 * step - 0.5, kwh_export = 2 ^ 31 * step - 0.2 }
grid { hz = 60, volts_ll = 480 }
load { amps = 100, pf = 1 }
wait "2 s"
expect(10.0 ^ m:read(141, "s16"), step)
local first = m:read(3, "u32")
expect(first > 0xFFFFFFFF - 60)
monotonic(function() return m.kwh_import end) -- at full width it only grows
truth(m, "0.2S")
wait "1 min"
local second = m:read(3, "u32")
expect(second < 200)
expect(((second - first) & 0xFFFFFFFF) * step, near(83.138 / 60, "1.5 %"))

load { amps = 100, pf = -1 }
wait "1 min"
expect(m:read(5, "u32") > 0x7FFFFFFF) -- export is unsigned: it goes on
expect(m:read(5, "u32") * step, near(m.kwh_export, "10 Wh"))
truth(m, "0.5")
