-- For parity of host and flashed image in ./check: of everything.lua and of the scenarios what takes some
-- seconds. Nothing is expected here; the tape is compared byte for byte.
local m = meter { system_type = 40, ct_primary = 1000, system_voltage = 480, pulse_energy = 10, fill_word = 0x8000 }
grid { hz = 59.97, volts = { 277, 270, 281 }, harmonics = { { 5, 6, 20 } } }
load { amps = { 800, 3.3, 990 }, pf = 0.92, harmonics = { { 3, 20, 10 } } }
wait "1.3137 s"
for _, first in ipairs { 1, 57, 113, 257 } do m:try_read(first, 125) end

-- metering begins anew in the middle of a block, and of the front end's pieces
for _, system_type in ipairs { 11, 31, 40 } do
  m:write(130, system_type)
  wait "1.2071 s"
  m:read(3, 2)
end

-- the line, and a rate of the crystal
local bus = line { timeout = "200 ms" }
fault(m, "clock_error", 150)
for k = 1, 3 do
  bus:try_read(1, 21, 40)
  bus:try_write(1, 142, 20 + k, 25)
  bus:frame("01 03 00 14 00 01 00 00")
  wait(0.2033 * k)
end
press(m, "-")
wait "0.6 s"

-- it rides through, with a transfer to the display under way
for k = 1, 4 do
  power(m, "off")
  wait(0.011 * k)
  power(m, "on")
  wait(0.4 + 0.1003 * k)
end
fault(m, "phase_loss", "B")
power(m, "off")
wait "0.3 s"
power(m, "on")
wait "1.4 s"
m:read(146)
