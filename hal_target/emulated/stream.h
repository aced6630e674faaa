/* Tapes on the emulated board: a buffered reader of records and a buffered writer, by
 * semihosting. Large pieces, because each call stops the emulator. */
#pragma once

#include "hal_sim/tape.h"
#include <stdbool.h>

enum { STREAM_READ = 16384, STREAM_WRITTEN = 8192 };

struct stream_in {
    int handle;
    bool ended; /* the file has no more bytes than those in the buffer */
    uint32_t at, size;
    uint8_t buffer[STREAM_READ];
};

struct stream_out {
    int handle;
    uint32_t size;
    uint8_t buffer[STREAM_WRITTEN];
};

/* These return 0, or -1 when the file cannot be had or is no tape. */
int stream_open_in(struct stream_in *s, const char *path);
int stream_open_out(struct stream_out *s, const char *path);
int stream_put(struct stream_out *s, const struct tape_record *record);
int stream_close_out(struct stream_out *s);

/* 1: the next record is in *record; 0: the tape ends; -1: an error, or no tape. */
int stream_get(struct stream_in *s, struct tape_record *record);
