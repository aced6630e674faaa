/* A log as a scenario: its rows, and what the meter's counters have risen by at the
 * end. */
#pragma once

#include "sim/history/world.h"

enum { WRITE_ROWS = 50000 }; /* what a scenario has memory for */

struct write_end {
    double kwh_import, kwh_export; /* that the meter has counted */
};

/* To be freed with g_string_free. */
GString *write_scenario(const struct history *h, const struct demo *d, double pf,
                        const struct write_end *end);
