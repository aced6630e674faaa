/* Readings as phasors: sizes are read, angles between voltages follow from the voltages
 * between lines by the law of cosines; which of its two solutions holds is told by the
 * hypothesis. */
#pragma once

#include "sim/diagnose/sight.h"

struct placement {
    double complex channel[3]; /* V, of the voltage inputs against N (or the star) */
    double complex element[3]; /* V, what the current of the input is multiplied by */
    double complex current[3]; /* A, as the meter sees it; 0: its angle is not known */
};

void placement_of(struct placement *p, const struct observation *o,
                  const struct observation_dump *d, const struct sight *s);

/* Size of the voltage that the current of input k is multiplied by; NaN: not read. */
double placement_element_volts(const struct observation *o,
                               const struct observation_dump *d, int k);

/* Size of the fundamental of the current of input k, A, without what the input's
 * clipping took off it; the current's rms where there is no power to tell. */
double placement_amps(const struct observation *o, const struct observation_dump *d,
                      int k);

/* The lag that the meter reads at input k; NaN: no power is read. */
double placement_lag_deg(const struct observation *o, const struct observation_dump *d,
                         int k);
