-- Begins with a byte order mark, which is no part of it.
local m = meter {}
wait "2 s"
expect(m.i_a, 1)
