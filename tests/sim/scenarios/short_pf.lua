local m = meter {}
load { amps = 5, pf = { 0.9 } }
