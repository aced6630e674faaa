/* The world behind the readings if a hypothesis is true: voltages and loads that, seen
 * through its faults, give them. What is not seen is filled in from the other phases. */
#pragma once

#include "sim/diagnose/evidence.h"

struct world {
    double complex volts[3], amps[3]; /* rms phasors; amps: into the load */
    double fifth_percent[3]; /* of a fifth harmonic that makes up for the rms */
    bool volts_seen[3], size_seen[3], angle_seen[3];
    bool from_sum[3]; /* three wires: the current is what the others sum to */
    double watts[3];
};

void world_of(struct world *w, const struct evidence *e, const struct sight *s,
              int dump);

/* The voltage that drives the load of phase k. */
double complex world_driving(const struct world *w, const struct observation *o, int k);

double world_lag_deg(const struct world *w, const struct observation *o, int k);

/* What the supply gives: where the neutral floats, the phases before it did, whose sum is
 * zero. */
void world_source(const struct world *w, const struct supply *supply,
                  double complex source[3]);

/* kWh as they are ÷ kWh as they are read, over all dumps, with the range of 90 %. NaN:
 * what is read is next to nothing. */
struct world_factor {
    double value, low, high;
};
struct world_factor world_factor(const struct evidence *e, const struct sight *s);
