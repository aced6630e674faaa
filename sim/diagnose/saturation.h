/* A CT whose core saturates, by what it leaves of a sine: the more the load is beyond the
 * knee, the smaller the fundamental, the more it leads, and the more the rms exceeds it.
 * So the distortion of one phase, beyond that of the others, tells all three. */
#pragma once

#include "sim/diagnose/evidence.h"

/* The core of input `s->phase`: s->share becomes the knee (× rated current), s->shift
 * what is left of the fundamental, s->log_fit what the distortion speaks for it. False:
 * that input is no more distorted than the others. */
bool saturation_fit(struct supply *s, const struct evidence *e);

/* The harmonics of one input of a dump, as a share of its fundamental; NaN: no power is
 * read, or the input clips. */
double saturation_distortion(const struct observation *o,
                             const struct observation_dump *d, int k);
