/* always, never, eventually, monotonic, conserved: conditions and numbers that are
 * looked at when they are stated, every simulated second from then on (a meter
 * publishes once a second), and at the end. */
#ifndef SIM_SCRIPT_SCRIPT_MONITOR_H
#define SIM_SCRIPT_SCRIPT_MONITOR_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_always(lua_State *L);
int script_never(lua_State *L);
int script_eventually(lua_State *L);
int script_monotonic(lua_State *L);
int script_conserved(lua_State *L);

extern const struct script_family script_monitor_family;

#endif
