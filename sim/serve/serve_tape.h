/* The tape of the served meter: what serve and its clients did, to be replayed and
 * compared by its hash. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct tape_file;

struct serve_tape {
    char *path;             /* "-": only the hash */
    struct tape_file *file; /* NULL: not wanted */
    bool failed;            /* which has been said */
};

/* False with *error set. */
bool serve_tape_open(struct serve_tape *t, const char *path, GError **error);

/* At the first write that failed: says so on stderr; the meter is served nevertheless. */
void serve_tape_check(struct serve_tape *t);

/* After the meter is freed: prints the hash of a tape that is whole, if `whole`. False:
 * it could not be written, which stderr says. */
bool serve_tape_close(struct serve_tape *t, bool whole);
