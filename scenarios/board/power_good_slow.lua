-- In the field: after a power cut up to a second of energy is missing.
-- How to tell: POWER_GOOD falls late. 10 ms before the end are enough to lose nothing; none is too few.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3.5 s"
local function cut()
    local kwh = m.kwh_import
    power(m, "off")
    wait "0.5 s"
    power(m, "on")
    wait "10 ms"
    return m.kwh_import - kwh
end
fault(m, "power_good_slow", "90 ms")
local more = cut() -- all that was metered until then, more than the last second had
expect(more > 61.19 * 0.3 / 3600)
wait "2.5 s"
fault(m, "power_good_slow", "200 ms")
expect(cut() < 61.19 * 0.2 / 3600)
