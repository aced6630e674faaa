-- In the field: the submeters of a building do not add up to its main meter.
-- How to tell: compare sums, then look for the one that is wrong by a whole factor: its CTs have
-- another rating than it is set to.
local tenants = meters(24, { name = "tenant", system_type = 40, ct_primary = 100,
    system_voltage = 480 })
local wrong = meter { name = "tenant25", system_type = 40, ct_primary = 100, ct_sensor = 200,
    system_voltage = 480 }
local main = meter { name = "main", system_type = 40, ct_primary = 1600, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }

local amps = 0
each(function(m, i)
    if i <= 25 then
        load(m, { amps = 10 + 2 * i, pf = 0.95 })
        amps = amps + 10 + 2 * i
    end
end)
load(main, { amps = amps, pf = 0.95 })

wait "3 s"
local sum, largest, suspect = 0, 0, nil
each(function(m, i)
    if i > 25 then return end
    sum = sum + m.kw_total
    local miss = math.abs(m.kw_total / m:truth().kw_total - 1)
    if miss > largest then largest, suspect = miss, m end
end)
expect(#tenants == 24 and tenants[3].name == "tenant3")
expect(suspect.name == "tenant25" and largest > 0.49)
expect(main.kw_total - sum, near(wrong.kw_total, "0.1 %")) -- it shows half
