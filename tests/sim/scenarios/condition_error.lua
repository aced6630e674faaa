local m = meter {}
always(function() return m.alerts + nil end)
