-- Meters that tests/sim/capture.sh captures, one for each way in which readings can be:
-- unit ids follow the order. Nothing happens after the wait, so that a capture is at rest.
local function place(fields, world, draw)
    local m = meter(fields)
    grid(m, world)
    load(m, draw)
    return m
end

for _, model in ipairs { "s4100", "s4000r" } do
    local ct = 200
    place({ model = model, system_type = 40, ct_primary = ct, system_voltage = 480,
            kwh_import = 123456.5, kwh_export = 78.25, ploss_volt_pct = 20, demand_subinterval_s = 60, display_units = 0 },
        { hz = 60, volts = { 277, 265, 288 }, degrees = { 0, -118, 123 } },
        { amps = { 80, 35, 10 }, pf = { 0.92, "0.7 lead", 1 } })
    place({ model = model, system_type = 31, ct_primary = ct, system_voltage = 480 },
        { hz = 50.02, volts_ll = 480 },
        { amps = { 100, 60, 80 }, pf = 0.8 })
    place({ model = model, system_type = 12, ct_primary = ct, system_voltage = 240 },
        { hz = 59.9, volts = { 118, 122, 0 } },
        { amps = { 150, 20, 0 }, pf = { 0.99, 0.6, 1 } })
    place({ model = model, system_type = 11, ct_primary = ct, system_voltage = 240 },
        { hz = 60, volts_ll = 240 }, { amps = 42, pf = 0.75 })
    place({ model = model, system_type = 10, ct_primary = ct, system_voltage = 480 },
        { hz = 60, volts_ll = 480 }, { amps = 3, pf = "0.4 lead" })
    place({ model = model, system_type = 40, ct_primary = ct, system_voltage = 4160,
            pt_ratio = 34.67 },
        { hz = 60, volts_ll = 4160 }, { kw = -800, pf = 0.95 })
    local lost = place({ model = model, system_type = 40, ct_primary = ct,
                         system_voltage = 480 },
        { hz = 60, volts_ll = 480 }, { amps = { 80, 70, 60 }, pf = 0.9 })
    fault(lost, "phase_loss", "B")
    local first = place({ model = model, system_type = 40, ct_primary = ct,
                          system_voltage = 480 },
        { hz = 60, volts_ll = 480 }, { amps = 80, pf = 0.9 })
    fault(first, "phase_loss", "A")
    place({ model = model, system_type = 40, ct_primary = ct, system_voltage = 480 },
        { hz = 60, volts_ll = 480 },
        { amps = 80, pf = 0.9, harmonics = { { 5, 20 }, { 7, 14 }, { 11, 9 } } })
    place({ model = model, system_type = 31, ct_primary = ct, system_voltage = 480 },
        { hz = 60, volts_ll = 480, kind = "corner" }, { amps = 50, pf = 0.9 })
    place({ model = model, system_type = 40, ct_primary = ct, system_voltage = 240 },
        { hz = 60, volts_ll = 240, kind = "high_leg" }, { amps = { 90, 20, 60 }, pf = 0.9 })
    place({ model = model, system_type = 40, ct_primary = ct, system_voltage = 480 },
        { hz = 60, volts_ll = 480 }, { amps = 0 })
end
local function wrong()
    return place({ model = "s4100", system_type = 40, ct_primary = 200,
                   system_voltage = 480 },
        { hz = 60, volts_ll = 480 }, { amps = 80, pf = 0.9 })
end
local exchanged, reversed = wrong(), wrong() -- 25, 26
fault(exchanged, "ct_swapped", "B", 3)
fault(exchanged, "ct_swapped", "C", 2)
fault(reversed, "ct_reversed", "C")
wait "30 s"
