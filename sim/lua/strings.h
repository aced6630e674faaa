/* string.find, match, gmatch and gsub with a count of their work. */
#ifndef SIM_LUA_STRINGS_H
#define SIM_LUA_STRINGS_H

#include <lua.h>

/* Puts them into the table on top of the stack. */
void strings_replace(lua_State *L);

#endif
