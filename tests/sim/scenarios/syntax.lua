meter {
wait "3 s"
