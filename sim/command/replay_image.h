/* Replay on the flashed image: a tape's samples go through the modelled ADC, and what
 * follows from them is compared with the tape. */
#pragma once

#include <glib.h>

struct board_options;

/* Its ELF and the time of instructions are those of the options. Prints the outcome or the first difference.
 * Returns the program's exit code as replay_on_target. */
int replay_on_image(const char *tape, const struct board_options *o, GError **error);
