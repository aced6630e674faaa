-- Every kind of load once, its names and units; connections.
local m = meter { system_voltage = 208, ct_primary = 100 }
grid { hz = 60, volts_ln = 120 }
wait "3 s"

local function totals(kw, kvar)
    local t = m:truth()
    expect(t.kw_total, near(kw, 1e-5))
    if kvar then expect(t.kvar_total, near(kvar, 1e-5)) end
    clear_loads(m)
end
local function kind(name, fields, kw, kvar)
    add_load(name, fields)
    totals(kw, kvar)
end

kind("resistor", { amps = 10 }, 3.6, 0)
kind("resistor", { amps = { 10, 5, 0 } }, 1.8, 0)
kind("resistor", { amps = 10, phases = "BC" }, 2.4, 0)
kind("resistor", { amps = 10, volts = "240 V" }, 1.8, 0)
kind("resistor", { kw = "3 kW" }, 3, 0)
kind("resistor", { kw = 3, connection = "delta" }, 3, 0)
kind("resistor", { amps = 10, connection = "star" }, 3.6, 0)
kind("resistor", { amps = 10, connection = "ab" }, 1.2 * 3 ^ 0.5, 0)
kind("resistor", { amps = 10, connection = "delta", phases = "A" }, 1.2 * 3 ^ 0.5, 0)
kind("impedance", { amps = 10, pf = 0.6 }, 2.16, 2.88)
kind("impedance", { amps = 10, pf = 0.6, leading = true }, 2.16, -2.88)
kind("impedance", { amps = 10, pf = "0.6 lead" }, 2.16, -2.88)
kind("current", { amps = 10, pf = "0.6 lag" }, 2.16, 2.88)
kind("current", { amps = -10, pf = 1 }, -3.6, 0)
kind("power", { kw = 3, pf = 0.6, floor = "50 %" }, 3, 4)
kind("motor", { kw = 3, pf = 0.6, start_multiple = 1, start_pf = 0.6 }, 3, 4)
kind("drive_6", { amps = 10, delay = "60 deg" }, 1.8)
kind("drive_12", { amps = 10, orders = 25 }, 3.6)
kind("rectifier", { amps = 10, width = "40 deg" }, 3.6)
kind("phase_fired", { amps = 10, angle = "90 deg" }, 1.8)
kind("burst", { amps = 9, on_cycles = 2, off_cycles = 1 }, 2.16)
kind("half_wave", { amps = 10 }, 1.8)
kind("solar", { kw = 3, rise = "6 h", set = "18 h", clock = "12 h" }, -3, 0)
kind("vehicle", { kw = 6, pf = 1, ramp = 0, hold = "1 h", time_constant = "10 min" }, 6)
kind("capacitor", { amps = 10 }, 0, -3.6)

-- what is there adds up with the verb load, and waits until it is due
load { amps = 10, pf = 1 }
add_load("resistor", { amps = 10, at = "1 s" })
expect(m:truth().kw_total, near(3.6, 1e-6))
wait "1.5 s"
totals(7.2, 0)
totals(3.6, 0)
load { amps = 0 }

-- wirings: the usual connection is one that they have
local ab = meter { system_type = 11, system_voltage = 240, ct_primary = 100 }
local legs = meter { system_type = 12, system_voltage = 240, ct_primary = 100 }
local delta = meter { system_type = 31, system_voltage = 240, ct_primary = 100 }
grid { volts_ll = 240 }
add_load("resistor", { amps = 10 })
expect(ab:truth().kw_total, near(2.4, 1e-6))
expect(legs:truth().kw_total, near(2.4, 1e-6))
expect(delta:truth().kw_total, near(7.2, 1e-6))
expect(delta:truth().i_a, near(10 * 3 ^ 0.5, 1e-6))
clear_loads()
expect(legs:truth().kw_total, 0)
