/* A meter whose settings fit a log: CT, nominal voltage, PT, line frequency. */
#pragma once

#include "sim/history/history.h"
#include "sim/plant/demo.h"

struct world_options {
    const char *model;
    int system_type;                    /* 0: 40 */
    double ct, volts, pt_ratio, hz, pf; /* 0: fitted to the log, or the usual one */
};

/* False with *error set: no column is a current, a
 * power or an energy; no voltage is known. */
bool world_fit(const struct history *h, const struct world_options *o, struct demo *d,
               GError **error);
