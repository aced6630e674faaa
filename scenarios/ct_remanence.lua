-- In the field: since a short circuit each start of a motor reads lower on one phase than on the others; the load
-- that follows reads right.
-- How to tell: that CT's core kept flux from the fault's direct current, and the load does not move it. A step of the
-- current finds the core near saturation: half-waves of one sign are cut. Demagnetise the CT, and starts are right.
local m = meter { ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
fault(m, "ct_saturation", "A", 1.5)
fault(m, "ct_remanence", "A", "60 %")

-- The lowest share of A in B over the seconds of a start.
local function start()
    local least = 1
    load { amps = 110, pf = 1 }
    for _ = 1, 4 do
        wait "1 s"
        least = math.min(least, m.i_a / m.i_b)
    end
    load { amps = 10, pf = 1 }
    wait "3 s"
    return least
end

load { amps = 10, pf = 1 }
wait "10 min" -- a load of 5 % changes nothing, nor does time
expect(m.i_a, near("10 A", "0.1 %"))
expect(start() < 0.9985)
expect(start() < 0.9985)
fault(m, "ct_remanence", "A", 0) -- demagnetised
expect(start() > 0.999)
