-- Meters on a line that tests/sim/capture_rtu.sh captures: two of each model, addresses as
-- their unit ids over TCP. The last one is at rest without a load, energies and all. Their
-- frequency divides the sampling rate, so that a reading is the same in every second.
local function place(fields, world, draw)
    fields.baud, fields.ct_primary, fields.system_voltage = 38400, 200, 480
    fields.demand_subinterval_s = 32767 -- ends in nine hours
    local m = meter(fields)
    grid(m, world)
    load(m, draw)
end

place({ address = 1, model = "s4100", system_type = 40, ploss_volt_pct = 20,
        display_units = 0 },
    { hz = 60, volts = { 277, 265, 288 }, degrees = { 0, -118, 123 } },
    { amps = { 80, 35, 10 }, pf = { 0.92, "0.7 lead", 1 } })
place({ address = 2, model = "s4000r", system_type = 31 },
    { hz = 60, volts_ll = 480 }, { amps = { 100, 60, 80 }, pf = 0.8 })
place({ address = 3, model = "s4100", system_type = 40 },
    { hz = 60, volts_ll = 480 }, { kw = -50, pf = 0.95 })
place({ address = 4, model = "s4000r", system_type = 40 },
    { hz = 60, volts_ll = 480 }, { amps = 0 })
wait "10 s"
