/* Verbs of time: waiting, in simulated time, for a while or for a condition. A
 * condition that is waited for is looked at every 10 ms; it may not wait itself. */
#ifndef SIM_SCRIPT_SCRIPT_TIME_H
#define SIM_SCRIPT_SCRIPT_TIME_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_wait(lua_State *L);
int script_now(lua_State *L);
int script_within(lua_State *L);
int script_wait_until(lua_State *L);
int script_always_until(lua_State *L);

#endif
