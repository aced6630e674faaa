-- In the field: single-phase tenants on phases A, B and C do not add up to the main meter, phase by phase.
-- How to tell: each tenant's kW belongs to one phase of the main meter, with that phase's volts. Where kW of two
-- phases differ by the same amount in opposite directions, a tenant is on another phase than the list says.
local main = meter { name = "main", system_type = 40, ct_primary = 400, system_voltage = 480 }
local tenant = {}
for _, phase in ipairs { "A", "B", "C" } do
    tenant[phase] = meter { name = phase, feeder = main, system_type = 10, wiring = phase .. "-N",
        ct_primary = 100, system_voltage = 277 }
end
grid { hz = 60, volts = { 277, 270, 284 } }
load(main, { amps = 0 })
load(tenant.A, { amps = 60, pf = 0.95 })
load(tenant.B, { amps = 25, pf = 0.8 })
load(tenant.C, { amps = 40, pf = 1 })
wait "3 s"
for phase, m in pairs(tenant) do
    expect(m.kw_total, near(main["kw_" .. phase:lower()], "0.5 %"))
    expect(m.v_an, near(main["v_" .. phase:lower() .. "n"], "0.05 %"))
    truth(m, "0.2S")
end

case "the list has B and C the wrong way round" (function()
    local listed = { A = tenant.A, B = tenant.C, C = tenant.B }
    local too_much = listed.B.kw_total - main.kw_b
    expect(too_much > 5)
    expect(main.kw_c - listed.C.kw_total, near(too_much, "1 %"))
    expect(listed.B.v_an - main.v_bn, near("14 V", "0.2 V")) -- nor are its volts those of B
end)
case "B is lost: only B's tenant is dark" (function()
    fault(main, "phase_loss", "B", { duration = "4 s" })
    wait "3 s"
    expect(tenant.B.v_an == 0 and tenant.B.kw_total == 0 and main.kw_b == 0)
    expect(tenant.A.kw_total, near(277 * 60 * 0.95 / 1000, "0.1 %"))
    wait "4 s"
    expect(tenant.B.kw_total, near(270 * 25 * 0.8 / 1000, "0.1 %"))
end)
