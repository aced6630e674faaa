/* Values of the language with fields of their own: full userdata under a metatable that
 * no script can reach. */
#pragma once

#include <lauxlib.h>
#include <lua.h>

/* Pushes a value of `size` bytes, all 0, which luaL_checkudata knows as `type`. The
 * functions are those of the metatable, the same at each call; NULL: it has none. */
void *userdata_push(lua_State *L, size_t size, const char *type,
                    const luaL_Reg *functions);
