/* A case of accuracy, run in a meter. */
#pragma once

#include "sim/bench/accuracy_case.h"

/* What the meter showed at the end of the case, in SI units. */
struct accuracy_reading {
    double v[3], vll[3], i[3], p[3], q[3], s[3], pf[3];
    double p_total, q_total, s_total, pf_total;
    double hz;
    double wh_import, wh_export;
    double varh_import; /* quadrants 1 and 2 */
    double demand_kw, pulses;
    uint16_t alerts;
};

/* Runs a fresh meter through the case with the whole world turned on by start_deg of
 * the fundamental. Readings are those of the last whole second; energy is read after
 * two dead seconds more, when every sample has been accumulated. */
void accuracy_case_run(const struct accuracy_case *c, double start_deg,
                       struct accuracy_reading *reading);

/* How much faster than the world the meter's clock runs, in ppm: from one of its seconds
 * to another, `seconds` later, each found to 0.1 ms. */
double accuracy_clock_ppm(const struct accuracy_case *c, int seconds);
