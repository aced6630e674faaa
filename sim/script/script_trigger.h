/* Triggers: when a function is called. At a time (after, every), at an event (when), at
 * the Nth request to a meter (on_poll); and chance, which comes from the seed. What
 * they call runs beside the scenario (script_task.c) and may wait. */
#ifndef SIM_SCRIPT_SCRIPT_TRIGGER_H
#define SIM_SCRIPT_SCRIPT_TRIGGER_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_after(lua_State *L);
int script_every(lua_State *L);
int script_when(lua_State *L);
int script_on_poll(lua_State *L);
int script_chance(lua_State *L);

extern const struct script_family script_trigger_family;

#endif
