/* Who the image is: at a fixed place (0x08000200), so that a file or a chip can be
 * asked without running it: `strings -n 4 meter.bin | head`. */
#ifndef STM32F405_IDENTITY_H
#define STM32F405_IDENTITY_H

#include <stdint.h>

struct identity {
    char magic[8];    /* "METERFW" */
    uint32_t version; /* register 7001 */
    char board[20];
    char git[32]; /* git describe of the sources */
};

extern const struct identity identity;

#endif
