/* What becomes of the program when core finds itself in a state that cannot be. Apart
 * from board.c, so that tests with a board of their own have it, too. */
#include "core/hal.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    fprintf(stderr, "%s:%u: the firmware is in a state that cannot be\n", file,
            (unsigned)line);
    abort();
}
