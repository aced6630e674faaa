/* The verbs fault and clear. Names, units and ranges are those of the fault table. */
#ifndef SIM_SCRIPT_SCRIPT_FAULT_H
#define SIM_SCRIPT_SCRIPT_FAULT_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_fault(lua_State *L);
int script_clear(lua_State *L);

#endif
