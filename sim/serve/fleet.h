/* How many live meters share a machine: steps and threads of metersim serve. */
#ifndef SIM_SERVE_FLEET_H
#define SIM_SERVE_FLEET_H

#include "sim/plant/sim.h"

/* `workers` threads; 0: as many as are of use at this speed (0: as fast as possible). A scenario has events, which bring all
 * meters to their time. */
void fleet_set(struct sim *s, int workers, double speed, bool scenario);

#endif
