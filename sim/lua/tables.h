/* table.concat, insert, move, remove and unpack with a count of their work, element by
 * element: what a table says of its length (__len) may be anything. */
#pragma once

#include <lua.h>

int tables_concat(lua_State *L);
int tables_insert(lua_State *L);
int tables_move(lua_State *L);
int tables_remove(lua_State *L);
int tables_unpack(lua_State *L);
