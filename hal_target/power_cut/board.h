/* The board for power cuts in the emulator. See board.c. */
#ifndef POWER_CUT_BOARD_H
#define POWER_CUT_BOARD_H

#include "core/hal.h"

struct hal {
    int nvm;              /* handle of the file */
    bool cut;             /* the last run ended inside a write */
    uint32_t writes_left; /* of single bytes, then power fails; 0: it never does */
};

/* The file must be there, HAL_NVM_SIZE + 1 bytes. An error ends the program. */
void board_open(struct hal *h, const char *path, uint32_t writes);

_Noreturn void board_fail(const char *why);

#endif
