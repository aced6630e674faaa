/* Files that a script reads (allowed.h), with its own folder in mind. */
#pragma once

#include "sim/script/script_state.h"
#include <stdio.h>

/* Bounds of what is read. */
enum {
    SCRIPT_PROFILE_BYTES = 16 << 20,
    SCRIPT_RECORDING_BYTES = 64 << 20,
    SCRIPT_RECORDINGS_MB = 256 /* what all of them together may need, resampled */
};

/* Where the name leads to, or the name itself when nothing is there. To be freed. */
char *script_file_find(const struct script *s, const char *name);

/* Reads one file after the other; why the last one may not be read is kept. */
struct script_file {
    const char *folder; /* of the script */
    size_t size_max;
    char *problem; /* or NULL; to be freed */
};

/* `user` is a struct script_file. NULL with errno set. A file that is not there is no
 * problem that is kept: the reader may try another name. */
FILE *script_file_open(void *user, const char *path);

/* Calls work(user), which must touch nothing that belongs to the simulation: the others
 * are served meanwhile, where there are any. */
void script_file_work(struct script *s, void (*work)(void *user), void *user);
