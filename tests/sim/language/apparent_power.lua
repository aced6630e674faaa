-- Two totals of apparent power: SunSpec's 40093 is the sum of the phases, register 023 the vector sum. With
-- 2217 VA in each phase at 0, 60 and -60 degrees: 3 x 2217 = 6651, and 2217 (1 + 2 cos 60) = 4434.
local m = meter { system_type = 40, ct_primary = 20, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 8, lag_degrees = { 0, 60, -60 } }
wait "3 s"
local function sunspec(register) return m:read(register, "s16") * 10 ^ m:read(40097, "s16") end
for phase = 1, 3 do expect(sunspec(40093 + phase), 2217) end
expect(sunspec(40093), 6651)
expect(m.kva_total, near("4.434 kVA", "0.02 %"))
expect(m:truth().kva_total, near("4.43405 kVA", "1 ppm"))
