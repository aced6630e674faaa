local m = meter {}
grid { volts = { 230, 230 } }
