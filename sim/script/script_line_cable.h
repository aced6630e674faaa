/* The copper of a line { }: cable, stub, terminators, bias, shield. */
#pragma once

#include "sim/script/script_line.h"

/* The fields of the table on top; true: any was given. */
bool script_line_cable_parse(lua_State *L, struct script_line *b);
