/* Fields of grid { } for what is wrong with it: lost phases, an open neutral, flicker,
 * notches. A phase is lost by the fault phase_loss, so that there is one owner of what
 * is lost; `loss` says besides what the lost conductor carries. */
#pragma once

#include "sim/script/script_state.h"

/* Fields of grid { } for what is wrong with it. */
void script_disturbance_parse(lua_State *L, int table, struct site_grid *g);
