/* How a load's size goes over time: a factor on its current. */
#pragma once

#include "waveform/profile.h"

enum load_drive_kind {
    LOAD_DRIVE_CONSTANT,
    LOAD_DRIVE_DECAY,
    LOAD_DRIVE_CHARGE,
    LOAD_DRIVE_SUN,
    LOAD_DRIVE_PROFILE
};

/* 0 before start_s. */
struct load_drive {
    enum load_drive_kind kind;
    double start_s, ramp_s, hold_s, time_constant_s;
    double rise_s, set_s, day_s, clock_s;
    const struct profile *profile;
    int phase; /* of the profile, and which part of its phasor */
    bool im;
};

double load_drive_value(const struct load_drive *d, double t);

/* The same at n times, which rise. */
void load_drive_values(const struct load_drive *d, const double *t, int n,
                       double *value);

/* Whether two have the same value at every time. */
bool load_drive_same(const struct load_drive *a, const struct load_drive *b);

/* Whether it changes between t and the next instant of load_drive_next. */
bool load_drive_moves(const struct load_drive *d, double t);

/* The next instant after t where its law changes; INFINITY: none. */
double load_drive_next(const struct load_drive *d, double t);

/* e^−x for x ≥ 0, by + − × ÷ alone: the same on every processor. Within 1e-15 of
 * itself. */
double load_drive_decay(double x);
