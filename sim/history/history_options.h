/* The options that say how a log is read and what meter it is played to, for every
 * subcommand that takes one. */
#pragma once

#include "sim/history/history.h"

enum { HISTORY_ENTRIES = 7 };

struct history_texts {
    char *map, *zone, *dates, *decimal, *stamps;
    double pf;
    gboolean ramp;
};

/* Fills entry[0…HISTORY_ENTRIES-1]. */
void history_options_start(struct history_texts *t, GOptionEntry *entry);
bool history_options_check(const struct history_texts *t, struct history_options *o,
                           GError **error);
