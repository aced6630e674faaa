/* Settings of a meter by their table names, written through its own Modbus, so that all
 * of its rules apply. A refusal names the values that would be allowed now; they are
 * found by asking the same rule for every value. */
#pragma once

#include "sim/script/script_state.h"

/* A setting by its table name, through the meter's own Modbus. */
void script_setting_write(lua_State *L, struct unit *u, int setting, double value);
