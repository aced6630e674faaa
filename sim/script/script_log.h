/* The verb print: a line in the scenario's log. */
#ifndef SIM_SCRIPT_SCRIPT_LOG_H
#define SIM_SCRIPT_SCRIPT_LOG_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_print(lua_State *L);

#endif
