local m = meter {}
load { amps = 5, pf = 1.2 }
