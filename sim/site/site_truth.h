/* The exact values of the wave, by the readings and in their units. Energies count from
 * the moment at which the meter was made. */
#pragma once

#include "sim/site/site.h"

struct site_truth {
    bool given[QUANTITIES]; /* the wave has such a value */
    double value[QUANTITIES];
    double kvarh_net; /* which no reading shows */
};

void site_truth(const struct site_meter *m, struct site_truth *truth);
