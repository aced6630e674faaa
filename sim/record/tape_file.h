/* A tape that goes to a file, to a SHA-256, or both, record by record. The file gets
 * its name when it is whole (output_file.h). */
#pragma once

#include "hal_sim/tape.h"

enum { TAPE_FILE_HASH = 65 }; /* hexadecimal, and NUL */

struct tape_file;

/* Path "-": only the hash. NULL when the file cannot be made: errno says why. */
struct tape_file *tape_file_open(const char *path);

/* A tape_sink; user is the tape_file. */
void tape_file_write(void *user, const struct tape_record *record);

/* After a fork: the tape goes on in the file `to`, which begins with a copy of what was
 * written before; the other process keeps its own. */
void tape_file_branch(struct tape_file *t, const char *to);

/* What comes from now on is not recorded any more. */
void tape_file_end(struct tape_file *t);

/* The errno of the first write that failed, or 0. */
int tape_file_error(const struct tape_file *t);

/* Writes the end mark, closes and frees. 0, or an errno when anything could not be
 * written; there is then neither a file nor a hash. */
int tape_file_close(struct tape_file *t, char hash[TAPE_FILE_HASH]);

/* Closes and frees; no file is written. */
void tape_file_drop(struct tape_file *t);
