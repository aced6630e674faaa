-- Sites of which each has one cause, three seeds a cause, two dumps a site, through the core. Each
-- dump is a line "D what id site time word…" (diagnose_causes.sh): what must `diagnose` say of it:
-- "first", "second" (behind the healthy site), or "same" (named as reading the same).
local sites, state = {}, 1

local function random() -- -1 to 1
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 1073741824 - 1
end

local function add(what, id, settings, make)
    for seed = 1, 3 do
        state = seed * 7919 + #id
        for _ = 1, 5 do random() end
        local s = { what = what, id = id, seed = seed, load = make.load, random = random }
        s.type, s.rope = settings.system_type, settings.model == "s4000r"
        local ll = settings.volts_ll or settings.system_voltage
        settings.volts_ll = nil
        settings.name = "site" .. #sites + 1
        settings.ct_primary = 200
        s.m = meter(settings)
        settings.volts_ll = ll
        local ln = s.type == 12 and ll / 2 or ll / 3 ^ 0.5
        local volts = { ln * (1 + 0.008 * random()), ln * (1 + 0.008 * random()), ln * (1 + 0.008 * random()) }
        if s.type == 12 then volts[3] = 0 end
        if make.kind then
            grid(s.m, { hz = 60, volts_ll = ll, kind = make.kind })
        else
            grid(s.m, { hz = 60, volts = volts, degrees = make.degrees })
        end
        if not s.rope then
            for k = 1, 3 do
                fault(s.m, "ct_ratio_error", ("ABC"):sub(k, k), 0.3 * random())
                fault(s.m, "ct_phase_error", ("ABC"):sub(k, k), 15 * random())
            end
        end
        s.begin, s.site = make.begin, #sites + 1
        sites[s.site] = s
    end
end

-- Loads: currents to neutral; impedances to neutral, between lines, or both.
local function currents(s, scale, none)
    local a, lag = {}, {}
    for k = 1, 3 do
        a[k] = k == none and 0 or 200 * scale * (1 + 0.12 * random())
        lag[k] = 25 + 5 * random()
    end
    if s.type == 12 or s.two then a[3] = 0 end
    load(s.m, { amps = a, lag_degrees = lag })
end

local function to_neutral(s, scale)
    clear_loads(s.m)
    for k = 1, s.type == 12 and 2 or 3 do
        add_load(s.m, "impedance", { phases = ("ABC"):sub(k, k), connection = "wye",
            amps = 200 * scale * (0.6 + 0.4 * k), pf = 0.9 + 0.05 * random() })
    end
end

local function delta(s, scale)
    clear_loads(s.m)
    for k = 1, 3 do
        add_load(s.m, "impedance", { phases = ("ABC"):sub(k, k), connection = "delta",
            amps = 100 * scale * (1 + 0.15 * random()), pf = 0.88 })
    end
end

local function high_leg(s, scale)
    clear_loads(s.m)
    add_load(s.m, "impedance", { amps = { 60 * scale, 0, 70 * scale }, pf = 0.9, connection = "wye" })
    add_load(s.m, "impedance", { amps = 80 * scale, pf = 0.88, connection = "delta" })
end

local function without(k)
    return function(s, scale) currents(s, scale, k) end
end

-- What holds a phase that floats is another in each dump.
local function uneven(s, scale)
    clear_loads(s.m)
    currents(s, scale, 1)
    add_load(s.m, "resistor", { amps = { 20 + 10 * random(), 20, 20 + 10 * random() }, connection = "delta" })
end

local function legs(s, scale)
    s.two = true
    currents(s, scale)
end

local function sets(name, ...)
    local rest = { ... }
    return function(m) fault(m, name, table.unpack(rest)) end
end

-- A core of 12 minutes: it forgets the flux of the beginning within the three seconds of a dump.
local function saturates(phase, knee)
    return function(m)
        fault(m, "ct_phase_error", phase, 12)
        fault(m, "ct_saturation", phase, knee)
    end
end

local function loses(loss)
    return function(m) grid(m, loss) end
end

local wye = { system_type = 40, system_voltage = 480 }
local wires = { system_type = 31, system_voltage = 480 }
local split = { system_type = 12, system_voltage = 240 }
local ropes = { model = "s4000r", system_type = 40, system_voltage = 480 }

add("first", "neutral_lost_ABC", wye, { begin = sets("neutral_lost"), load = to_neutral })
add("first", "neutral_lost_AB", split, { begin = sets("neutral_lost"), load = to_neutral })
add("first", "phase_backfed_B", wye, { begin = loses { loss = { B = "backfed" } }, load = currents })
add("first", "phase_backfed_C", wires, { begin = loses { loss = { C = "backfed" } }, load = delta })
add("first", "phase_motor_C", wye, { begin = loses { loss = { C = "motor" }, backfed = 0.8 }, load = currents })
add("first", "phase_motor_A", wires, { begin = loses { loss = { A = "motor" }, backfed = 0.7 }, load = delta })
add("first", "phase_floating_A", wye, { load = without(1), begin = function(m)
    add_load(m, "resistor", { amps = 20, connection = "delta", phases = "A" })
    grid(m, { loss = { A = "floating" } })
end })
add("first", "phase_floating_B", wye, { load = without(2), begin = function(m)
    add_load(m, "resistor", { amps = { 30, 10, 0 }, connection = "delta" })
    grid(m, { loss = { B = "floating" } })
end })
add("first", "phase_floating_A", wye, { load = uneven, begin = loses { loss = { A = "floating" } } })
add("first", "high_leg_B", { system_type = 40, system_voltage = 240 }, { kind = "high_leg", load = high_leg })
add("first", "corner_grounded_B", { system_type = 40, system_voltage = 240 }, { kind = "corner", load = delta })
add("first", "type_split_ABC", { system_type = 40, system_voltage = 240 }, { kind = "split", load = legs })
add("first", "type_split_ABC", { system_type = 31, wiring = "wye", system_voltage = 240 }, { kind = "split", load = function(s, scale)
    load(s.m, { amps = { 240 * scale, 150 * scale * (1 + 0.1 * random()), 0 }, lag_degrees = 25 })
end })
add("first", "type_network_AB", { system_type = 12, system_voltage = 240 }, { degrees = { 0, -120, 0 }, load = currents })
add("first", "type_neutral_ABC", { system_type = 31, system_voltage = 480, wiring = "wye" }, { load = currents })
add("second", "meter_neutral_ABC", wye, { begin = sets("neutral_open"), load = currents })
add("first", "nominal_ABC", { system_type = 40, system_voltage = 480, volts_ll = 208 }, { load = currents })
add("first", "nominal_ABC", { system_type = 31, system_voltage = 277, volts_ll = 480 }, { load = delta })
add("first", "pt_ratio_double_ABC", { system_type = 40, system_voltage = 1200, pt_ratio = 4 },
    { begin = sets("pt_wrong_ratio", "ABC", 0.5), load = currents })
add("same", "ct_primary_half_ABC", wye, { begin = sets("ct_wrong_ratio", "ABC", 2), load = currents })
add("same", "ct_output_third_ABC", wye, { begin = sets("ct_wrong_ratio", "ABC", 3), load = currents })
add("first", "ct_phase_error_B", wires, { begin = sets("ct_phase_error", "B", 300), load = delta })
add("first", "ct_saturated_B", wye, { begin = saturates("B", 0.12), load = currents })
add("same", "rope_gap_B", ropes, { begin = sets("rope_gap", "B", 100 / 3), load = currents })

local function dump(s, time)
    local words = {}
    for _, b in ipairs(s.rope and { { 1, 52 }, { 129, 26 }, { 257, 90 } }
        or { { 1, 112 }, { 129, 26 }, { 257, 76 }, { 333, 74 } }) do
        local read = s.m:read(b[1], b[2])
        for k = 1, b[2] do words[#words + 1] = ("%d:%d"):format(b[1] + k - 1, read[k]) end
    end
    print(("D %s %s %d %d %s"):format(s.what, s.id, s.site, time, table.concat(words, " ")))
end

for time = 3, 6, 3 do
    for _, s in ipairs(sites) do
        state = time * 104729 + s.seed
        s.load(s, 0.35 + 0.1 * random())
        if s.begin and (time == 3 or s.load ~= currents) then s.begin(s.m) end
    end
    wait "3 s"
    for _, s in ipairs(sites) do dump(s, time) end
end
