/* The registers of two meters, second by second, each fed by its tape. */
#pragma once

#include "sim/bisect/side.h"

struct registers_options {
    const char *a, *b;                     /* tapes */
    const GArray *a_settings, *b_settings; /* side.h, or NULL */
    double share;                          /* of readings; negative: equal to the bit */
};

/* Prints the first second in which they part, the registers and the last inputs.
 * Returns the exit code: 0 they never do, 1 they do, by *second_s; 2 with *error set. */
int registers_compare(const struct registers_options *options, double *second_s,
                      GError **error);
