-- The same meter on whichever board runs it: what it holds at each wait, register by register. both_boards.sh
-- compares the two boards.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, serial = 4100123 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }

local function dump(when)
  for _, block in ipairs { { 1, 60 }, { 61, 60 }, { 121, 60 }, { 257, 100 }, { 357, 60 } } do
    local words = m:try_read(block[1], block[2])
    if words then
      for k = 1, block[2] do print(when, block[1] + k - 1, words[k]) end
    end
  end
  print(when, "glass", m.lcd.top, m.lcd.bottom)
end

for k = 1, 6 do
  wait "1.3 s"
  dump("steady " .. k)
end
fault(m, "ct_reversed", "B")
fault(m, "phase_loss", "A")
for k = 1, 4 do
  wait "0.7 s"
  dump("faults " .. k)
end
clear(m)
press(m, "+")
wait "2 s"
dump("after")
