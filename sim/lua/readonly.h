/* Globals and tables that scripts read and cannot change, for a state that many use: what
 * one of them sets by mistake must not be gone for the others. */
#pragma once

#include <lua.h>
#include <stdbool.h>

/* From now on the globals that are there cannot be set, and the fields of those that are
 * tables neither. New ones can be made. */
void readonly_globals(lua_State *L);

/* Replaces the value on top, when it is a table that scripts see read-only, by the table
 * itself; the table of globals by the one that holds those of readonly_globals. False:
 * it is neither, and stays. */
bool readonly_unwrap(lua_State *L);
