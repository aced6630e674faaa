/* pairs in an order that is the same on every run. */
#ifndef SIM_LUA_PAIRS_H
#define SIM_LUA_PAIRS_H

#include <lua.h>

int pairs_in_order(lua_State *L);

#endif
