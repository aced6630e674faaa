/* A state that cannot be. Apart from board.c, so that tests with a board of their own
 * have it, too. See board_assert.h. */
#include "hal_sim/board_assert.h"
#include "core/hal.h"
#include <stdio.h>
#include <stdlib.h>

static _Thread_local struct board_guard *guard;

void board_set_guard(struct board_guard *next)
{
    guard = next;
}

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    struct board_guard *here = guard;

    fprintf(stderr, "%s:%u: the firmware is in a state that cannot be\n", file,
            (unsigned)line);
    if (!here)
        abort();
    fprintf(stderr, "The meter with serial number %u stops until its power returns.\n",
            (unsigned)here->serial_number);
    siglongjmp(here->point, 1);
}
