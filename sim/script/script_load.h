/* The verb load: constant currents, or those that make so many kilowatts at the present
 * voltages (site_load.h). */
#pragma once

#include "sim/script/script_state.h"

/* "0.92", "0.92 lead", "0.92 lag", -0.92; at the top of the stack. `leading` stays as
 * it is where the text does not say. */
double script_pf_parse(lua_State *L, const char *verb, bool *leading);
void script_load_apply(lua_State *L, const struct site_load *load,
                       struct site_meter *m);
