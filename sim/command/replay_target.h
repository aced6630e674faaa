/* Replay on the emulated board: the image of hal_target runs a tape in QEMU, and what
 * it puts out is compared with the tape, byte for byte. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A warning, of a path; the exit code is then 1. */
#define REPLAY_NO_END                                                                  \
    "%s: the tape has no end mark: its run was killed, or the file is cut"

/* image: the ELF file; NULL: emulated.elf in the folder hal_target beside the program.
 * count: the image says how many instructions the meter took (takes longer). Prints the
 * outcome or the first difference. Returns the program's exit code: 0 the same, 1 a
 * difference or no end mark, 2 no tape, no image or no QEMU, with *error set. */
int replay_on_target(const char *tape, const char *image, bool count, GError **error);
