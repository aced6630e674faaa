/* pairs in an order that is the same on every run. */
#pragma once

#include <lua.h>

int pairs_in_order(lua_State *L);
