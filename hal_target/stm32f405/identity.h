/* Who an image is: at a fixed place of it, so that a file or a chip can be asked without
 * running it (`strings -n 4 meter.bin | head`). The reset system checks a meter's image
 * by it, and a debugger finds there what it may call. */
#pragma once

#include <stdint.h>

enum { IDENTITY_OFFSET = 0x200, IDENTITY_BOARD_SIZE = 20, IDENTITY_MODELS_SIZE = 40 };

#define IDENTITY_METER        "METERFW"
#define IDENTITY_RESET_SYSTEM "METERRS"
/* A board that another image is for has another name. */
#define IDENTITY_BOARD        "STM32F405 meter 1"

struct identity {
    char magic[8];
    uint32_t version; /* register 7001; of the reset system: that of INFO RS */
    char board[IDENTITY_BOARD_SIZE];
    char git[32];                      /* git describe of the sources */
    uint32_t address;                  /* it runs there */
    uint32_t length;                   /* bytes; a CRC-32 of them follows */
    char models[IDENTITY_MODELS_SIZE]; /* that it can be, by name */
    /* The meter in RAM, its size, and meter_request. */
    uint32_t meter, meter_size, request;
};
