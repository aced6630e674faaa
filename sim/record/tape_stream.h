/* A tape read from its file, record by record. Every byte is untrusted: what is no tape
 * is an error that names the byte. The end mark is checked against what precedes it. */
#pragma once

#include "hal_sim/tape.h"
#include <glib.h>

struct tape_stream;

enum tape_stream_next {
    TAPE_STREAM_RECORD,
    TAPE_STREAM_OVER,   /* the file ends, perhaps inside a record */
    TAPE_STREAM_INVALID /* *error is set */
};

/* NULL with *error set: it cannot be opened, or is no tape. */
struct tape_stream *tape_stream_open(const char *path, GError **error);
void tape_stream_close(struct tape_stream *s); /* NULL is allowed */

enum tape_stream_next tape_stream_next(struct tape_stream *s,
                                       struct tape_record *record, GError **error);

/* "PATH: byte N: what", of the record that was read last. Returns false. */
bool tape_stream_invalid(const struct tape_stream *s, GError **error, const char *what);

int64_t tape_stream_at(const struct tape_stream *s); /* where that record begins */
bool tape_stream_ended(const struct tape_stream *s); /* the end mark came */
const char *tape_stream_hash(struct tape_stream *s); /* of what was read; at the end */
