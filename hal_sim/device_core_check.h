/* Whether the image of a meter's memory is one that core could have left: of a file of
 * saved state, which may hold anything. Part of device_core.c. */
#pragma once

#include "core/meter_state.h"

/* m->model is set. All that core indexes, counts or adds up lies within its bounds. What
 * follows from settings and calibration is computed anew. */
bool device_core_check(struct meter *m);
