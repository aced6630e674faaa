meter { address = 3 }
