local m = meter { ct_primary = 200, system_voltage = 480 }
wait "2 s"
expect(m:read(130, 3), { 40, 200 })
