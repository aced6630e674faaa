/* Text files of a record. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A file of text that was not there before. The first failure is
 * reported when it is closed. */
struct record_file {
    FILE *file;
    char *path;
    int error; /* errno */
};

void record_file_open(struct record_file *f, const char *folder, const char *name);
void record_file_print(struct record_file *f, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
/* Seconds with ns, without trailing zeros. */
void record_file_time(struct record_file *f, int64_t at_ns);
/* False and "readings.csv: No space left on device" after a failed write. */
bool record_file_check(const struct record_file *f, GError **error);
/* Sets *error when something could not be written. */
void record_file_close(struct record_file *f, GError **error);
