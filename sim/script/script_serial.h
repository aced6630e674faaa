/* Address, baud rate and parity of a meter. No register has them: the panel sets them,
 * and here the factory does, into NVM before power comes. */
#pragma once

#include "sim/script/script_state.h"
int script_serial_baud(lua_State *L, int table, const char *verb, int otherwise);
int script_serial_parity(lua_State *L, int table, const char *verb, int otherwise);

/* Fields address, baud and parity of the table at 1, for the factory of a unit;
 * and the latter two for others. */
void script_serial_parse(lua_State *L, struct unit_factory *f);
