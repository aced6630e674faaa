local m = meter {}
wait "2 s"
expect(m.freq, near(60))
