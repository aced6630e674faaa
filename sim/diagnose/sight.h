/* What a meter sees of a site's phasors under a hypothesis: the simulated sensors' own
 * gains (hal_sim/sensors_view.h) for a grid of 1 per phase, so that nothing is told of a
 * fault twice. */
#pragma once

#include "sim/diagnose/cause.h"
#include <complex.h>

enum { SIGHT_NONE = -1 };

struct sight {
    double complex base[3];      /* the grid's voltages (of loads), healthy */
    double complex channel[3];   /* the voltage of input k against N */
    double complex element[3];   /* what current k is multiplied by */
    double v[3], vll[3];         /* sizes of what is read */
    double v_sum[3], vll_sum[3]; /* shares of conductors in it: how uncertain it is */
    int volt_from[3];            /* the one conductor that input k is on; or NONE */
    double complex volt_gain[3];
    double complex input[3][3]; /* shares of conductors in inputs against N */
    int from[3];            /* the conductor that CT k is on; NONE: nothing is seen */
    double complex gain[3]; /* of it */
    bool lost[3];           /* conductors that are dead, or held by loads */
    double complex held[3]; /* what these carry */
    bool
        mixed; /* loads of other conductors are seen, too: gains are for balanced ones */
    struct supply supply;
    double offset_deg[3]; /* + measured lag of input k: lag of its load */
};

/* `faults` and `supply`: those of the hypothesis. */
void sight_compute(struct sight *s, const struct observation *o,
                   const struct faults *faults, const struct supply *supply);

/* The angle of input k's current is read against a voltage that is known. */
bool sight_angle(const struct sight *s, int k);

/* No load can make the readings differ, except for its direction and its size. */
bool sight_same(const struct sight *a, const struct sight *b, int phases,
                bool unidirectional);
