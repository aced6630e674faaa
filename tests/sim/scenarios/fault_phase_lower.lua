-- Phases are capital letters.
local m = meter { system_type = 40 }
grid { hz = 60, volts_ll = 480 }
fault(m, "ct_reversed", "b")
