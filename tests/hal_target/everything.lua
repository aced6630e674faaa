-- For parity of host and target: what a meter can be made to do, in every system type.
-- Nothing is expected here; the tape is compared byte for byte. parity.sh runs it for
-- each model, so a setting that one of them refuses is only tried.
local m = meter { model = "s4100", system_type = 40, ct_primary = 1000, system_voltage = 480,
                  pulse_energy = 10, fill_word = 0x8000, serial = 4294967294 }

local function read_all()
    for _, first in ipairs { 1, 57, 113, 257, 381, 7001 } do m:try_read(first, 125) end
    for reg = 1, 520, 7 do m:try_read(reg, 2) end
    for _, pdu in ipairs { "11", "2B 0E 01 00", "2B 0E 04 02", "04 00 00 00 10", "2B 0E 09 00",
                           "03 00 00", "07", "10 00 82 00 01 02", "06 00 81 75 7E" } do
        m:request(pdu)
    end
end

fault(m, "adc_noise", 40)
fault(m, "adc_offset_v", "B", 1.5)
fault(m, "clock_error", 120)
for _, system_type in ipairs { 10, 11, 12, 31, 40 } do
    m:write(130, system_type)
    for k, hz in ipairs { 45.3, 50, 60.017, 64.9 } do
        grid { hz = hz, volts = { 277, 250 + k, 288 }, degrees = { 0, -117 - k, 122 },
               harmonics = { { 3, 5, 20 }, { 5, 7.1, -40 }, { 11, 12, 77 } } }
        load { amps = { 800, 3.3, 990 }, pf = ({ 0.92, "0.4 lead", -0.7, "1" })[k],
               harmonics = { { 3, 30, 10 }, { 7, 11, 5 } } }
        wait "2.3 s"
        read_all()
    end
end

-- Settings one after the other, each by its extremes where it takes them.
for reg = 130, 160 do
    for _, value in ipairs { 0, 1, 2, 3, 5, 10, 33, 100, 300, 5000, 32767 } do
        m:try_write(reg, value)
        wait "20 ms"
    end
    wait "1.1 s"
    read_all()
end

-- RS-485: frames good and bad, broadcasts, noise, other devices, faults of the link.
m:write(130, 40)
local bus = line { timeout = "200 ms", foreign = "80 ms" }
for k = 1, 12 do
    for reg = 1, 520, 61 do bus:try_read(1, reg, 4) end
    bus:request(1, "11")
    bus:request(1, "2B 0E 01 00")
    bus:try_write(0, 142, 10 + k)
    bus:try_write(1, 142, 20 + k, 25)
    bus:frame("01 03 00 14 00 01 00 00")
    bus:send("01 03 00")
    wait "0.9 ms"
    bus:send("14 00 01 C4 0E 01 03")
    if k == 4 then bus:set { noise = 60, noise_width = "80 us" } end
    if k == 8 then fault(m, "bus_echo") fault(m, "bus_noise", 2) end
    wait(0.31 * k)
end
bus:set { noise = 0, foreign = 0 }
clear(m, "bus_echo")
clear(m, "bus_noise")

-- The panel: random keys, from within the setup and the resets, too.
m:write(130, 40)
fault(m, "key_bounce", 4)
local keys = { "+", "-", "back", "select", "select", "+ select" }
for _, way in ipairs { 5, 6 } do -- from _PHAS up to SETUP, and on to RESET
    for _ = 1, 4 do press(m, "back") end
    wait "61 s"
    for _ = 1, way do press(m, "+") end
    for _ = 1, 6 do press(m, "select") end
    for _ = 1, 150 do
        press(m, keys[math.random(#keys)], math.random(1, 900) / 1000)
    end
end
clear(m, "key_bounce")

-- Power cuts at odd moments, dead phases, over-range, silence.
m:write(130, 40)
for k = 1, 6 do
    wait(1.0037 + k * 0.171)
    power(m, "off")
    wait(0.1 + 0.05 * k)
    power(m, "on")
    fault(m, "phase_loss", ({ "A", "B", "C", "AB", "BC", "all" })[k])
    wait "2.4 s"
    read_all()
    clear(m, "phase_loss")
end
grid { hz = 60, volts_ln = 420 }
load { amps = 2000, pf = 0.5 }
wait "3 s"
read_all()
grid { volts_ln = 0 }
load { amps = 0 }
wait "3 s"
read_all()
