/* A unit's FRAM from outside. Part of unit.h. */
#pragma once

#include "core/config.h"
#include "core/energy.h"
#include "hal_sim/fault.h"

struct unit;

/* What the factory, or years of service, have left in FRAM when power first comes: any
 * settings, those that no register has among them; counters of energy, 0: none. */
struct unit_factory {
    bool given[SETTINGS];
    uint16_t value[SETTINGS];
    uint64_t energy_mwh[ENERGY_OWNERS][ENERGY_KINDS];
};

/* Writes that to a unit without power. UNIT_PROGRAMMED, or the first setting that the
 * meter does not allow to have its value, where it ends. */
enum { UNIT_PROGRAMMED = -1 };
int unit_program(struct unit *u, const struct unit_factory *f);

/* A fault of the FRAM has this value from now on; other faults do nothing. */
void unit_nvm_faults(struct unit *u, enum fault_id fault, double value);
