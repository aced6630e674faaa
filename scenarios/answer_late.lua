-- In the field: SCADA shows values of the wrong register behind a slow radio modem, with timeouts between.
-- How to tell: each late answer fits the request before it; a longer timeout in the master cures it.
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
local bus = line { timeout = "300 ms" }
wait "3 s"
local kw, volts = m:read(21, "s16"), m:read(25, "s16")
fault(m, "bus_answer_late", "400 ms")
local value, why = bus:try_read(1, 21)
expect(value, nil)
expect(why, "timeout")
-- Its answer comes while the master waits for another register: RTU cannot tell.
expect(bus:read(1, 25), "s16", kw)
wait "1 s"

bus:set { timeout = "600 ms" }
expect(bus:read(1, 25), "s16", volts)
expect(bus.answer_start - bus.request_end, near(403000, 1000)) -- µs: t3.5, up to 1 ms, 400 ms
clear(m)
expect(bus:read(1, 25), "s16", volts)
expect(bus.answer_start - bus.request_end, near(2508, 502)) -- t3.5, and up to 1 ms
