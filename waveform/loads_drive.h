/* How a load's size goes over time: a factor on its current. */
#ifndef WAVEFORM_LOADS_DRIVE_H
#define WAVEFORM_LOADS_DRIVE_H

#include "waveform/profile.h"

enum loads_drive_kind {
    LOADS_DRIVE_CONSTANT,
    LOADS_DRIVE_DECAY,
    LOADS_DRIVE_CHARGE,
    LOADS_DRIVE_SUN,
    LOADS_DRIVE_PROFILE
};

/* 0 before start_s. */
struct loads_drive {
    enum loads_drive_kind kind;
    double start_s, ramp_s, hold_s, time_constant_s;
    double rise_s, set_s, day_s, clock_s;
    const struct profile *profile;
    int phase; /* of the profile, and which part of its phasor */
    bool im;
};

double loads_drive_value(const struct loads_drive *d, double t);

/* Whether two have the same value at every time. */
bool loads_drive_same(const struct loads_drive *a, const struct loads_drive *b);

/* Whether it changes between t and the next instant of loads_drive_next. */
bool loads_drive_moves(const struct loads_drive *d, double t);

/* The next instant after t where its law changes; INFINITY: none. */
double loads_drive_next(const struct loads_drive *d, double t);

/* e^−x for x ≥ 0, by + − × ÷ alone: the same on every processor. Within 1e-15 of
 * itself. */
double loads_drive_decay(double x);

#endif
