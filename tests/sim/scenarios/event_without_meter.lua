event("sag", { percent = 45 })
