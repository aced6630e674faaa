/* Calibration of a meter in the factory state against a source of known output: three
 * points (power factor 1, 0.5 lagging, no load) give gain, angle and offset of each
 * channel; two more show what the meter reads with them.
 *
 *   gain    V ÷ √(mean square), I ÷ √(mean square − offset)
 *   angle   acos 0.5 − acos(P ÷ √(V²·I²)), of the products that the gains cancel in
 *   offset  mean square of the current without load, which is noise
 */
#pragma once

#include "sim/factory/meter_call.h"

struct calibration_plan {
    struct source_point source; /* pf is not looked at */
    double source_percent;      /* its expanded uncertainty of power, k = 2 */
    int seconds;                /* averaged at each point */
    int settle_s;               /* of the meter's seconds before the first of them */
    bool seals;                 /* afterwards */
    void (*told)(void *user, const char *text); /* progress; NULL: not wanted */
    void *told_user;
};

enum { CALIBRATION_POINTS = 3, CALIBRATION_CHECKS = 3 };

/* What the meter read at a point before the constants, in V, A, W, and the spread of
 * the seconds' power: experimental standard deviation in percent. */
struct calibration_point {
    struct source_point source;
    double v[3], i[3], p[3], spread_percent[3];
};

/* With the constants: power of each phase by the meter's registers. */
struct calibration_check {
    struct source_point source;
    double error_percent[3], uncertainty_percent[3]; /* expanded, k = 2 */
    double limit_percent;                            /* half of what the class allows */
};

struct calibration_result {
    struct meter_identity before, after;
    double ct_primary_a, pt_ratio;
    struct calibration_point point[CALIBRATION_POINTS];
    struct calibration_check check[CALIBRATION_CHECKS];
    struct meter_constants constants;
    bool passed, sealed;
};

/* False with an error when nothing could be calibrated: what was wrong, on which channel.
 * True with !passed when a check missed its limit; such a meter is not sealed. */
bool calibration_run(const struct port *p, const struct calibration_plan *plan,
                     struct calibration_result *r, GError **error);

/* Class of the model's active energy, as IEC 62053-22 names it. */
const char *calibration_class(const struct model *model);
