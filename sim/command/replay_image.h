/* Replay on the flashed image: a tape's samples go through the modelled ADC, and what
 * follows from them is compared with the tape. */
#ifndef SIM_COMMAND_REPLAY_IMAGE_H
#define SIM_COMMAND_REPLAY_IMAGE_H

#include <glib.h>

/* elf: NULL for the one that was built. Prints the outcome or the first difference.
 * Returns the program's exit code as replay_on_target. */
int replay_on_image(const char *tape, const char *elf, GError **error);

#endif
