/* The verbs add_load and clear_loads: loads besides that of the verb load, by the rows
 * of waveform/load_kind.def. A load belongs to the meters that there are. Profiles are
 * owned by Lua's registry: when Lua closes, the meters that may outlive the script lose
 * their added loads before the profiles go. */
#ifndef SIM_SCRIPT_SCRIPT_LOADS_H
#define SIM_SCRIPT_SCRIPT_LOADS_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_add_load(lua_State *L);
int script_clear_loads(lua_State *L);

#endif
