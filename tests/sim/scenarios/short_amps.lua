local m = meter { system_type = 12 }
load { amps = { 1, 2 } }
