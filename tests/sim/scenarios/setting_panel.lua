meter { setup_password_low = 3 }
