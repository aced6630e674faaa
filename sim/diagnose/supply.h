/* What the supply itself is, apart from what is connected wrongly: phases that are lost
 * but held by loads, a neutral that floats, transformers of another kind, settings that
 * do not fit the voltages. Such a cause has no fixed gains: it is fitted to the readings
 * of a site. */
#pragma once

#include "hal_sim/fault.h"
#include "sim/diagnose/observation.h"
#include <complex.h>

enum supply_kind {
    SUPPLY_SOUND,
    SUPPLY_NEUTRAL_LOST,    /* it floats where the loads put it */
    SUPPLY_BACKFED,         /* `phase` is lost and lies midway between the other two */
    SUPPLY_MOTOR,           /* it is lost and keeps a share of its voltage */
    SUPPLY_FLOATING,        /* it is lost, and loads hold it between the other two */
    SUPPLY_HIGH_LEG,        /* N is midway between the other two phases */
    SUPPLY_CORNER,          /* N is `phase` */
    SUPPLY_SPLIT,           /* two legs instead of three phases */
    SUPPLY_NETWORK,         /* two phases of three instead of two legs */
    SUPPLY_NEUTRAL_CARRIES, /* there is a neutral, which the meter knows nothing of */
    SUPPLY_CENTRED,         /* the meter's N is at the mean of its inputs */
    SUPPLY_NOMINAL,         /* register 134 is not the supply's voltage */
    SUPPLY_CT_SATURATES     /* not the supply, but fitted as well: saturation.h */
};

struct supply {
    enum supply_kind kind;
    int phase;
    /* fitted, in shares of the phases' voltage */
    double
        share; /* of a motor: of its voltage; floating: of the next phase's (AB, BC, CA);
                  of a core: its knee */
    double complex shift; /* of N, from the middle of the phases; what a core leaves */
    double log_fit;       /* what the fit costs or earns: a logarithm */
};

/* Does such a supply change what a meter of this type reads? */
bool supply_concerns(enum supply_kind kind, const struct system_type_row *type);

/* The fault of the simulator that it is; FAULTS: a state of the grid, or a setting. */
enum fault_id supply_fault(enum supply_kind kind);
double supply_fault_value(const struct supply *s);

/* False: no supply of this kind gives such readings. `v`, `vll`: means over the dumps ÷
 * nominal L-N. */
bool supply_fit(struct supply *s, const struct system_type_row *type, const double v[3],
                const double vll[3]);

/* The phasors of sound conductors become those of this supply; `held`: what a conductor
 * that is lost carries instead. */
void supply_shape(const struct supply *s, double complex base[3],
                  double complex held[3]);

bool supply_loses(const struct supply *s);

/* A neutral carries what three-wire metering takes for nothing. */
bool supply_has_neutral(const struct supply *s);

/* The line of a scenario that makes it. */
void supply_lua(const struct supply *s, const struct observation *o, GString *to);

/* Amperes of resistors AB, BC, CA that hold a floating conductor where it is; too small
 * to be read. */
void supply_holds(const struct supply *s, const struct observation *o, double amps[3]);
