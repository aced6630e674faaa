/* Logs from files: headings, times, numbers, steps. */
#pragma once

#include "sim/history/history.h"

/* NULL with *error set: "log.csv:12:3: what". */
struct history *history_read(const char *path, const struct history_options *options,
                             GError **error);
/* Of the bytes of such a file; `map` is the text of a map, or NULL. */
struct history *history_parse(const char *path, const char *bytes, gsize size,
                              const char *map, const struct history_options *options,
                              GError **error);
