local m = meter {}
wait "2 s"
expect(m.hz, near(60, "0.1 %"))
