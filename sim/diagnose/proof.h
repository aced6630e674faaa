/* A hypothesis is put to the test: a healthy load and its faults run through the
 * metering core, and the readings are compared with those of the dumps. */
#pragma once

#include "sim/diagnose/hypothesis.h"
#include "sim/diagnose/world.h"

/* What readings may differ by: shares of V and I, of P and Q as shares of S. */
#define PROOF_VOLTS 0.015
#define PROOF_AMPS  0.015
#define PROOF_POWER 0.02

/* Errors of CTs that may be fitted for it: %, minutes. */
#define PROOF_CT_PERCENT 1.5
#define PROOF_CT_MINUTES 60

struct proof {
    bool reproduced;
    double volts, amps, power; /* the largest deviations, in these shares */
    double closed; /* three wires: what was taken off the currents so that they sum to
                    * zero, as a share of them: errors of CTs */
    /* Of the CTs, which make up for what was taken off: %, minutes at 60 Hz. */
    bool cts_fitted;
    double ct_percent[3], ct_minutes[3];
    const char *refused;  /* why it could not be run; NULL: it was */
    struct world *worlds; /* of the dumps, as they were run */
};

void proof_clear(struct proof *p);

/* What holds a lost phase changes with its loads: the supply as one dump has it. */
void proof_fit_dump(struct supply *supply, const struct observation *o,
                    const struct observation_dump *d);

/* A voltage so small has no angle, so nobody knows how P and Q share what V and I make. */
bool proof_tells_no_angle(const struct observation *o, const struct observation_dump *d,
                          int k);

void proof_run(struct proof *p, const struct evidence *e, const struct hypothesis *h);
