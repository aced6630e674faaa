/* The verb grid: what was asked for is kept as it was said (site_grid.h). */
#pragma once

#include "sim/script/script_state.h"

/* The meter's grid goes to its world; an error where that cannot be. */
void script_grid_apply(lua_State *L, struct site_meter *m);

/* The field `harmonics`: a list for all phases, or { a = list, b = list, c = list }. */
void script_harmonics_parse(lua_State *L, int table, const char *verb,
                            struct waveform_harmonics harmonics[3]);
