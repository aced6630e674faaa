/* What becomes of a failed assertion of core: the end of the program, or, where a
 * device asked for it, of the call into its firmware alone. */
#pragma once

#include <setjmp.h>
#include <stdint.h>

/* Where to go on in this thread; on the stack of whoever calls the firmware. */
struct board_guard {
    sigjmp_buf point;
    uint32_t serial_number; /* of the meter that stops, for the message */
};

/* The guard of this thread, or NULL: none. */
void board_set_guard(struct board_guard *guard);
