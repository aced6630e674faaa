/* The world that a row asks for: voltages, and P and Q of each phase, from whatever
 * readings the log has. What it does not have is supplied, and said. */
#pragma once

#include "sim/history/history.h"
#include "sim/plant/demo.h"

/* Where a value comes from, in words; NULL: not asked for. */
struct world_sources {
    const char *volts, *active, *reactive;
    bool distorted; /* currents above what P and Q need are distortion */
};

struct world_row {
    double hz;
    double volts[3];       /* L-N, or L-L of A-B, B-C, C-A where `lines` */
    double kw[3], kvar[3]; /* phase by phase */
    double distortion[3];  /* percent of the fundamental current, without P and Q */
    bool lines;
};

struct world {
    const struct history *h;
    struct demo demo;
    double pf;    /* where nothing else says how P and Q go together */
    double *last; /* by column: the last cell that was not empty */
    int row;      /* up to which `last` is */
    struct world_sources sources;
};

void world_init(struct world *w, const struct history *h, const struct demo *d,
                double pf);
void world_clear(struct world *w);

/* Rows come in rising order. */
void world_solve(struct world *w, int row, struct world_row *to);

/* Between two of them, `share` from a to b. */
void world_mix(const struct world_row *a, const struct world_row *b, double share,
               struct world_row *to);
