/* A log as the world of a meter, in simulated time: each row holds from its beginning
 * to the next one's, or the values go straight from row to row. After the last row the
 * world stays as it is. */
#pragma once

#include "sim/history/world.h"
#include "sim/site/site.h"

struct play;

struct play_options {
    bool ramp; /* straight from row to row, in steps of a second */
    /* When the meter has published what it makes of a row. May be NULL. */
    void (*row_done)(void *user, int row);
    void *user;
};

/* The first row begins now. `m` is a meter of a site; both outlive it. */
struct play *play_new(struct sim *sim, struct site_meter *m, const struct history *h,
                      const struct demo *d, double pf,
                      const struct play_options *options);
void play_free(struct play *p); /* NULL is allowed */

/* Simulated time at which the meter has published what it makes of the last row. */
int64_t play_end_ns(const struct play *p);

/* Rows whose world could not be: 0, and the first of them, with its error (site.h). */
int play_refused(const struct play *p, int *row, int *error);

/* Where volts, kW and kvar come from. */
const struct world_sources *play_sources(const struct play *p);
