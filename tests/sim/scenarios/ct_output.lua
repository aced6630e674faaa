meter { ct_output = "2 V" }
