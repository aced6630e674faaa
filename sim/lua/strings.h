/* string.find, match, gmatch and gsub, and utf8.codes, with a count of their work. */
#pragma once

#include <lua.h>

int strings_find(lua_State *L);
int strings_match(lua_State *L);
int strings_gmatch(lua_State *L);
int strings_gsub(lua_State *L);
int strings_codes(lua_State *L); /* a closure: its upvalue is Lua's own */
