local m = meter {}

error(nil)
