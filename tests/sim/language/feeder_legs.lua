-- One leg of a house with two, and two phases of a feeder of three: the voltages are the feeder's.
local house = meter { name = "house", system_type = 12, ct_primary = 200, system_voltage = 240 }
local dryer = meter { name = "dryer", feeder = house, system_type = 10, wiring = "B-N", ct_primary = 50,
    system_voltage = 120 }
grid(house, { volts_ll = 240 })
load(house, { amps = 0 })
load(dryer, { kw = 1.8 })
local tower = meter { name = "tower", system_type = 40, ct_primary = 200, system_voltage = 208 }
local flat = meter { name = "flat", feeder = tower, system_type = 12, ct_primary = 100, system_voltage = 208 }
grid(tower, { volts_ll = 208 })
load(tower, { amps = 0 })
load(flat, { amps = { 10, 20, 30 }, pf = 1 })
wait "3 s"
expect(dryer:truth().v_an, near("120 V", "1 ppm"))
expect(dryer.kw_total, near("1.8 kW", "0.05 %"))
expect(house:truth().kw_b, near("1.8 kW", "1 ppm"))
expect(house:truth().kw_a, 0)
expect(flat:truth().v_ab, near("208 V", "1 ppm")) -- not two legs in opposition
expect(flat.v_ab, near("208 V", "0.02 %"))
expect(flat:truth().kw_total, near(208 / 3 ^ 0.5 * 30 / 1000, "1 ppm"))
expect(tower:truth().kw_total, near(208 / 3 ^ 0.5 * 30 / 1000, "1 ppm"))
expect(tower:truth().i_c, 0)
