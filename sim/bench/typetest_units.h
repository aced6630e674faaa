/* metersim typetest --units N: boards as they are made (tolerance.def), before and after
 * calibration: how many are within their class, and what spoils the others. */
#pragma once

#include "sim/bench/typetest_case.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Prints what came of it. True: of the boards without a defect at least 99 % are within
 * their class after calibration, and no board that calibration sealed is outside. */
bool typetest_units(const struct model *model, int units, uint64_t seed);

/* Board n of a seed, calibrated; false when calibration refuses it or its check fails,
 * with the reason in *error. */
bool typetest_calibrated(const struct model *model, uint64_t seed, int n,
                         struct tolerance_board *made,
                         struct meter_constants *constants, GError **error);
