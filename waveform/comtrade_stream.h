/* Writes a COMTRADE file of the 2013 revision, FLOAT32, row by row, however long it
 * gets (the other writer, comtrade.h, has all of it in memory). Files that are there
 * are not touched. */
#pragma once

#include "waveform/comtrade.h"

enum {
    COMTRADE_STREAM_ANALOG = 16,
    COMTRADE_STREAM_STATUS = 16,
    /* Of one file: time stamps are 32 bits of µs. */
    COMTRADE_STREAM_SECONDS = 3600
};

struct comtrade_stream;

/* Makes path.dat. `header` has the channels, one rate, the start; it is held by
 * reference; value = a·raw, b = 0. NULL, and an error. */
struct comtrade_stream *comtrade_stream_open(const struct comtrade *header,
                                             const char *path_without_extension,
                                             struct comtrade_error *error);

/* One row: raw values of all analogue channels, and a bit for each status channel.
 * Errors of writing are reported by comtrade_stream_error and comtrade_stream_close. */
void comtrade_stream_row(struct comtrade_stream *s, const float *raw, unsigned status);

/* The errno of the first write that failed, or 0. */
int comtrade_stream_error(const struct comtrade_stream *s);

int64_t comtrade_stream_rows(const struct comtrade_stream *s);

/* Writes path.cfg and frees. 0, or -1 and an error. */
int comtrade_stream_close(struct comtrade_stream *s, struct comtrade_error *error);
