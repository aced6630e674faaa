-- Faults of the meter's front end, clock, supply and contacts.
local m = meter { ct_primary = 200, system_voltage = 480, pulse_energy = 1000 }
grid { volts_ll = 480 }
load { amps = 100, pf = 1 }
local v = 480 / 3 ^ 0.5
wait "3 s"

case "adc_dead" (function()
    fault(m, "adc_dead_v", "A")
    fault(m, "adc_dead_i", "B")
    wait "3 s"
    expect(m.v_an, 0)
    expect(m.kw_a, 0)
    expect(m.i_b, 0)
    expect(m.i_a, near("100 A", "0.02 %"))
end)
case "adc_reference" (function()
    fault(m, "adc_reference", 1000)
    wait "3 s"
    expect(m.v_an, near(v, "0.01 %")) -- nothing at 25 °C
    fault(m, "temperature", "35 degC")
    wait "3 s"
    expect(m.v_an, near(v * 1.0005 / 1.01, "0.01 %"))
end)
case "adc_bits" (function()
    load { amps = { 100, 0.2, 100 } }
    fault(m, "adc_bits", 10)
    wait "3 s"
    expect(m.i_a, near("100 A", "1 %"))
    -- a step is 16384 codes; 0.2 A toggle between 0 and one step below
    expect(m.i_b, near(16384 / 8388608 * 1.7 * 200 / 2, "0.1 %"))
end)
case "adc_bend" (function()
    fault(m, "adc_bend", "A", "5 %")
    wait "3 s"
    -- the fundamental of x − k·x³ is 1 − ¾·k·peak²; third harmonic ¼·k·peak²
    local peak = v * 2 ^ 0.5 / 588.9
    local k = 0.05 * peak ^ 2
    expect(m.v_an, near(v * ((1 - 0.75 * k) ^ 2 + (0.25 * k) ^ 2) ^ 0.5, "0.02 %"))
    expect(m.v_bn, near(v, "0.02 %"))
end)
case "adc_crosstalk" (function()
    load { amps = 0 }
    fault(m, "adc_crosstalk", "A", "1 %")
    wait "3 s"
    local amps = 0.01 * v / 588.9 * 1.7 * 200
    expect(m.i_a, near(amps, "0.1 %"))
    expect(m.kw_a, near(v * amps / 1000, "0.1 %"))
end)
case "adc_slip" (function()
    fault(m, "adc_slip", 1)
    wait "3 s"
    expect(m.v_an, near(v, "0.02 %"))
    expect(m.kw_a, near(v / 10, "0.1 %")) -- Vb and Ib
    expect(m.v_cn, near(100 / 1.7 / 200 * 588.9, "0.1 %")) -- that is Ia
end)
case "clock_drift" (function()
    fault(m, "clock_drift", -1)
    wait "3 s"
    expect(m.freq, near(60, "1 mHz"))
    fault(m, "temperature", "45 degC") -- −400 ppm
    wait "5 s"
    expect(m.freq, near(60 * 1.0004, "3 mHz"))
    clear(m, "temperature")
    wait "5 s"
    expect(m.freq, near(60, "1 mHz"))
end)
case "supply_capacitor" (function()
    fault(m, "supply_loss", { duration = "60 ms" })
    wait "1 s"
    expect(m.seconds >= 3) -- has ridden through
    fault(m, "supply_capacitor", "20 ms")
    fault(m, "supply_loss", { duration = "60 ms" })
    wait "30 ms"
    expect(not m.powered)
    wait "1 s"
    expect(m.powered and m.seconds < 2)
end)
case "supply_dips" (function()
    fault(m, "supply_dips", "50 ms")
    wait "5 s"
    expect(m.seconds >= 8)
    fault(m, "supply_dips", "200 ms")
    wait "150 ms"
    expect(not m.powered)
    wait "200 ms"
    expect(m.powered)
    wait "5 s"
    expect(m.seconds < 2) -- starts anew every second
    clear(m)
    wait "4 s"
    expect(m.seconds >= 3)
    fault(m, "supply_dips", "200 ms")
    power(m, "off")
    wait "3 s"
    expect(not m.powered) -- the dips do not switch it on
end)
case "contacts" (function()
    local was = m.energy_closures
    fault(m, "contact_welded", 1)
    expect(m.energy_contact)
    wait "10 min"
    expect(m.energy_contact and m.energy_closures <= was + 1)
    fault(m, "contact_stuck_open", 1)
    wait "10 min"
    expect(not m.energy_contact and m.energy_closures <= was + 1)
    clear(m)
    wait "10 min"
    expect(m.energy_closures > was + 1)
    fault(m, "contact_welded", 2)
    expect(m.alarm_contact)
    fault(m, "contact_welded", 0)
    expect(not m.alarm_contact)
    fault(m, "contact_stuck_open", 2)
    power(m, "off")
    wait "0.2 s"
    expect(not m.alarm_contact) -- no power, and nobody hears
    clear(m)
    expect(m.alarm_contact)
end)
