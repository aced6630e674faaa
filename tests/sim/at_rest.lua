-- Two meters at rest, one of each model, whose registers hold something: energies (of both
-- directions), a full demand interval, entries in the logs. Only their clocks go on when
-- this has come to its end. Their line has the fastest rate there is.
local models = { "s4100", "s4000r" }
local meters = {}
for address, model in ipairs(models) do
    meters[address] = meter { model = model, address = address, baud = 38400,
                              system_type = 40, ct_primary = 200, system_voltage = 480,
                              demand_subinterval_s = 10 }
    grid(meters[address], { hz = 60, volts_ll = 480 })
end
local function draw(what)
    for _, m in ipairs(meters) do load(m, what) end
end

draw { amps = { 80, 60, 70 }, pf = 0.8 }
wait "25 s"
draw { amps = { 80, 60, 70 }, pf = -0.9 }
wait "36 s"
for _, m in ipairs(meters) do
    m:write(150, 32767) -- the next sub-interval ends in nine hours
end
meters[1]:write(158, 1)
draw { amps = 0 }
wait "3 s" -- until the readings are those of no current
