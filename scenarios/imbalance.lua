-- In the field: one phase of three is low, no fuse has blown, and the red alarm LED is lit.
-- How to tell: B-N differs from A-N by more than 25 % of the higher one (register 143). Of two legs, 150 V and
-- 95 V, the lower one is named: their neutral is open or badly joined.
local m = meter { system_type = 40, ct_primary = 100, system_voltage = 480 }
grid { hz = 60, volts = { 277, 210, 277 } }
load { amps = 50 }
wait "3 s"
expect(m.alerts, 0) -- 24 %
grid { volts = { 277, 190, 277 } }
wait "3 s"
expect(m.alerts, 0x200) -- 31 %
expect(m.led_red)

local average = meter { system_type = 40, system_voltage = 480, imbalance_rule = "average" }
local legs = meter { system_type = 12, system_voltage = 240 }
wait "3 s"
expect(average.alerts, 0) -- 23 % of the average
grid(legs, { hz = 60, volts = { 150, 95, 0 }, degrees = { 0, 180, 0 } })
wait "3 s"
expect(legs.alerts & 0x700, 0x200)
