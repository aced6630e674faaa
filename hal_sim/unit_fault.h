/* Faults of a unit. Part of unit.h. */
#pragma once

#include "hal_sim/fault.h"

struct unit;

/* Sets a fault's value; phase 0-2, or -1 for all (and for those not per phase). */
void unit_set_fault(struct unit *u, enum fault_id fault, int phase, double value);

/* Most units have no fault and share one table of none. A table of the unit's own, to
 * be changed; aborts without memory. Without it: none is in force. */
struct faults *unit_own_faults(struct unit *u);
void unit_drop_faults(struct unit *u);
