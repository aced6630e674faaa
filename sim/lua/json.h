/* Lua values as JSON, for programs that drive a console. */
#pragma once

#include <json-glib/json-glib.h>
#include <lua.h>

/* The value at `index`: numbers that JSON has no word for (no reading) are null, tables
 * are arrays when their keys are 1 to n, else objects, functions their type, userdata
 * what __plain of their metatable returns for them. What is too deep or too long is cut off with
 * "…". Never raises an error. To be freed. */
JsonNode *json_of_lua(lua_State *L, int index);
