-- The reset system on the wire: a meter whose image is damaged, erased by nobody but found
-- so at power-up, serves at the address, rate and parity of its settings: 0x11, 43/14 and
-- the update, nothing else. Without FRAM: address 1, 19200 8N1. Asked for by function 0x42,
-- and by two keys.
needs_image()
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480, address = 7, baud = 38400, parity = "even" }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "200 ms", baud = 38400, parity = "even" }
local function restart(pause)
    power(m, "off")
    wait "0.5 s"
    power(m, "on")
    wait(pause or "0.5 s")
end
local function flip()
    clear(m, "image_damaged")
    fault(m, "image_damaged", 123456)
end
local function text(answer, from)
    local out = {}
    for byte in answer:sub(from):gmatch "%x%x" do out[#out + 1] = string.char(tonumber(byte, 16)) end
    return table.concat(out)
end
local normal = "Leviton S4100 Power Meter Full Data Set"
local standing = normal .. " - RESET SYSTEM RUNNING RS Version 1.000"
local function expect_reset_system(id)
    local answer = bus:request(id, "11")
    expect(answer:sub(7, 11), "F7 00")
    expect(text(answer, 13), standing)
end
local function expect_meter(id)
    local answer = bus:request(id, "11")
    expect(answer:sub(7, 11), "F7 FF")
    expect(text(answer, 13), normal)
end
wait "2 s"
expect_meter(7)
while m.lcd.top ~= "INFO" do press(m, "-") end
press(m, "select")
while m.lcd.top ~= "RS" do press(m, "select") end
expect(m.lcd.bottom, "01.000")
flip()
restart()
expect_reset_system(7)
expect(text(bus:request(7, "2B 0E 01 00"), 28):sub(1, 7), "Leviton")
expect(bus:request(7, "2B 0E 04 01"), "AB 03") -- basic level: no single objects
local status = bus:request(7, "42 10")
expect(status:sub(1, 17), "42 10 4C 01 FF 00")
expect(status:sub(118, 128), "00 00 03 E8") -- its serial number
for _, pdu in ipairs { "03 00 00 00 02", "04 00 00 00 02", "06 00 82 00 05", "10 00 82 00 01 02 00 05", "08 00 00 00 00",
    "2B 0D 01 00", "42", "42 01", "42 02", "42 17", "42 20", "16 00 04 00 F2 00 25" } do
    local answer = bus:request(7, pdu)
    expect(answer, ("%02X 01"):format(tonumber(pdu:sub(1, 2), 16) + 0x80))
end
expect(bus:request(7, "11 00"), "91 03")
expect(bus:request(7, "42 13 00 00 00 00 10"), "C2 03")
expect(bus:request(7, "42 12 00 00 00 00 04 00 00 00 00"), "C2 03")
-- Another meter's requests, broadcasts and damaged frames are not answered; the next one is.
expect(bus:request(1, "11"), nil)
expect(bus:frame(bus:crc "00 11"), nil)
expect(bus:frame "07 11 00 00", nil)
expect_reset_system(7)
-- The watchdog (4 s) is fed; when it is not, it restarts the reset system.
wait "8 s"
expect_reset_system(7)
fault(m, "watchdog_starved", 60000)
expect(bus:request(7, "11"), nil)
wait "8 s"
expect_reset_system(7)
clear(m, "watchdog_starved")
-- Without FRAM the defaults are served.
fault(m, "nvm_silent")
restart()
expect(bus:request(7, "11"), nil)
bus:set { baud = 19200, parity = "none" }
expect_reset_system(1)
clear(m)
bus:set { baud = 38400, parity = "even" }
-- As it was made again, it runs; a service engineer asks for the reset system, and leaves it.
flip()
restart "2 s"
expect_meter(7)
expect(bus:request(7, "42 16 01"), "42 16")
wait "1 s"
expect_reset_system(7)
restart()
expect_reset_system(7)
expect(bus:request(7, "42 16 00"), "42 16")
wait "3 s"
expect_meter(7)
after("0.2 s", function() power(m, "off") end)
after("0.7 s", function() power(m, "on") end)
press(m, "back select", "1.5 s")
expect_reset_system(7)
restart "2 s"
expect_meter(7)
