/* A log while it is read. Part of history.h. */
#pragma once

#include "sim/history/history.h"
#include "sim/history/map.h"
#include "sim/program/csv.h"

struct history_reading {
    struct history *h;
    const struct csv *csv;
    const struct history_options *options;
    struct map *map; /* NULL: none */
    int time, date;  /* columns of the file; date -1: the time has it */
    GTimeZone *zone; /* NULL: none was given */
    int *source;     /* of each row of the history, that of the file; owned */
};
