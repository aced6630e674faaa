/* The verb watch: a register that goes into records and reports. It is read past the
 * Modbus port, so watching changes nothing: the tape is the same. */
#ifndef SIM_SCRIPT_SCRIPT_WATCH_H
#define SIM_SCRIPT_SCRIPT_WATCH_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_watch(lua_State *L);

#endif
