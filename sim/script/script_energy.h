/* Fields of meter { } for what its counters hold from earlier years. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/site/site.h"
#include <lua.h>

enum { SCRIPT_ENERGY_FIELDS = ENERGY_KINDS * ENERGY_OWNERS };

/* Their names: those of the readings. */
void script_energy_names(const char *names[SCRIPT_ENERGY_FIELDS]);

/* From the table at 1 into what the factory writes; truth(m, class) begins with them. */
void script_energy_parse(lua_State *L, struct site_meter *m, struct unit_factory *f);
