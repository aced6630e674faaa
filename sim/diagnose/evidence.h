/* How well hypotheses explain the readings: logarithms of likelihoods, with the load
 * (size, lag, unbalance, direction of each dump) integrated out. See prior.h for what
 * healthy loads are like. */
#pragma once

#include "sim/diagnose/placement.h"

enum evidence_direction { DIRECTION_BOTH, DIRECTION_IMPORT, DIRECTION_EXPORT };

struct evidence_options {
    enum evidence_direction direction;
    bool balanced;
};

enum { EVIDENCE_CIRCLE = 360, EVIDENCE_LAGS = 50 };

/* Of one dump and input: the density of the load's lag for an offset of so many degrees
 * less the common lag. */
struct evidence_angle {
    bool seen;
    float density[EVIDENCE_CIRCLE];
};

struct evidence {
    const struct observation *o;
    struct evidence_options options;
    int phases;
    double v[3], vll[3]; /* means over the dumps ÷ nominal L-N; NaN: not given */
    int loaded;          /* dumps with a current */
    bool has_angles;     /* of the voltages, in all of them */
    bool zero[3];        /* currents that read 0 in all of these */
    double size[3];      /* mean logarithm of the currents of the others */
    double lag_prior[EVIDENCE_LAGS];
    struct evidence_angle (*angle)[3]; /* of the dumps */
};

void evidence_start(struct evidence *e, const struct observation *o,
                    const struct evidence_options *options);
void evidence_clear(struct evidence *e);

/* Of the voltages alone; cheap, and enough to drop most hypotheses. */
double evidence_of_voltages(const struct evidence *e, const struct sight *s);

/* Angles between the voltages, where waveforms tell them, are the same. */
bool evidence_same_angles(const struct evidence *e, const struct sight *a,
                          const struct sight *b);

/* Of sizes and angles of the currents. */
double evidence_of_currents(const struct evidence *e, const struct sight *s);
