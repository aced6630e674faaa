local m = meter {}
load { kw = 5 }
