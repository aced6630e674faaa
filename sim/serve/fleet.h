/* How many live meters share a machine: steps and threads of metersim serve. */
#pragma once

#include "sim/plant/sim.h"

/* Are all cores of use to so many meters? Speed 0: as fast as possible. */
bool fleet_is_shared(int units, double speed);

/* `workers` threads; 0: all cores or one, as fleet_is_shared says. A scenario has
 * events, which bring all meters to their time. */
void fleet_set(struct sim *s, int workers, double speed, bool scenario);
