/* A tape that goes to a file, to a SHA-256, or both, record by record. */
#ifndef SIM_RECORD_TAPE_FILE_H
#define SIM_RECORD_TAPE_FILE_H

#include "hal_sim/tape.h"

enum { TAPE_FILE_HASH = 65 }; /* hexadecimal, and NUL */

struct tape_file;

/* Path "-": only the hash. NULL when the file cannot be made: errno tells why. */
struct tape_file *tape_file_open(const char *path);

/* A tape_sink; user is the tape_file. */
void tape_file_write(void *user, const struct tape_record *record);

/* After a fork: goes on in a copy of its own, of what `from` held then; the other
 * process may have gone on with it. */
void tape_file_branch(struct tape_file *t, const char *from, const char *to);

/* What comes from now on is not taken any more. */
void tape_file_end(struct tape_file *t);

/* Closes and frees. 0, or an errno when anything could not be written. */
int tape_file_close(struct tape_file *t, char hash[TAPE_FILE_HASH]);

#endif
