meter { model = "s4000" }
