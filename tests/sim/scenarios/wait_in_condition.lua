local m = meter {}
within("2 s", function() wait "1 s" return true end)
