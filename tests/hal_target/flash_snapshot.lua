-- A snapshot has the flash as it was: what ran then runs after restore, and after the next
-- power-up, whatever has happened to the flash since.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local function flip()
    clear(m, "image_damaged")
    fault(m, "image_damaged", 123456)
end
local function restart()
    power(m, "off")
    wait "0.5 s"
    power(m, "on")
    wait "2.5 s"
end
-- The meter answers; its reset system is reached over a line alone.
local function meters() return (pcall(m.request, m, "11")) end
wait "2 s"
expect(meters())
save "whole"
flip()
save "flipped"
restart()
expect(not meters())
save "damaged"
flip()
restart()
expect(meters())
restore "damaged"
expect(not meters())
restart()
expect(not meters())
restore "whole"
expect(meters())
restart()
expect(meters())
expect(m.kw_total, near("61.19 kW", "0.2 %"))
restore "flipped"
expect(meters())
restart()
expect(not meters())
