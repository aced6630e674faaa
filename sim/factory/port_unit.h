/* A unit of the simulator on the bench: its world is the source, requests take no time. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/factory/port.h"

/* The unit must outlive the port. */
struct port port_unit(struct unit *u);

/* The source's output as the unit's world. */
void port_unit_source(struct unit *u, const struct source_point *point);

/* Power off and on again with the factory's pin at ground, or not. */
void port_unit_restart(struct unit *u, bool pin);
