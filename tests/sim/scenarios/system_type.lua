meter { system_type = 41 }
