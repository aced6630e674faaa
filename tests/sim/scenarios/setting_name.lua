meter { adress = 3 }
