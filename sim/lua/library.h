/* The functions of Lua's own libraries that a script may call, each with the work that
 * a call of it is. A function without a row is not there. */
#pragma once

#include <lua.h>

/* With the libraries open: what has no row goes, what may work long counts. */
void library_replace(lua_State *L);
