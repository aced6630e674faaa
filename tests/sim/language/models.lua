-- Readings by the model's own names; those that it has not are NaN.
local r = meter { model = "s4000r", ct_primary = 100, system_voltage = 480 }
local fds = meter { model = "s4100_fds", ct_primary = 100, system_voltage = 480 }
grid { volts_ll = 480 }
load { amps = 50, pf = 0.8 }
wait "10 s"

case "the S4000-R's names" (function()
  expect(r.kwh > 0)
  expect(r.kwh, r.kwh_import)
  expect(r.kwh_a, r.kwh_import_a)
  expect(r.kvarh > 0)
  expect(r.kvah > r.kwh)
  expect(r.kw_demand_max, 0)
  for _, name in ipairs { "kwh_export", "kwh_net", "kvarh_q4", "kvarh_q1_a", "kvah_export", "kw_demand_max_export" } do
    expect(r[name] ~= r[name], name)
  end
  local good, why = pcall(function() return r.kvarhh end)
  expect(not good and why:find("did you mean 'kvarh'") ~= nil, why)
  good, why = pcall(function() return fds.kvarh end)
  expect(not good, why) -- the S4100 has quadrants
end)

case "the S4100 without logs" (function()
  expect(fds.model, "s4100_fds")
  expect(fds.kwh_import > 0)
  for _, register in ipairs { 155, 178, 8000, 13759 } do
    local value, code = fds:try_read(register)
    expect(value == nil and code == 2, register)
  end
  expect(fds:read(7001, "u16") > 0)
  expect(fds:read(40071, "u16"), 105)
  local good, code = fds:try_write(129, 16640)
  expect(good == nil and code == 3, "no logs to reset")
  local s4100 = meter {}
  expect(fds:request "11", s4100:request "11")
  expect(fds:request "2B 0E 01 00", s4100:request "2B 0E 01 00")
end)
