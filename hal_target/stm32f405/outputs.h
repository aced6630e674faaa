/* Contacts, LEDs and the backlight. A part of the board that does not answer makes the
 * red LED blink quickly, whatever the core shows on it; when the supply fails, what
 * only shows is dark and its current is left to the save. */
#pragma once

#include "core/hal.h"

enum { OUTPUTS_BLINK_US = 125000 };

struct outputs {
    bool on[HAL_OUTPUTS];    /* as the core wants them */
    bool shown[HAL_OUTPUTS]; /* as the pins are */
    bool fault, dark;
};

void outputs_set(struct outputs *o, enum hal_output which, bool on);
void outputs_ct_range(enum hal_ct_range range);

/* fault: blinks; dark: the supply fails. Drives the pins that change. */
void outputs_run(struct outputs *o, bool fault, bool dark, uint64_t now_us);
