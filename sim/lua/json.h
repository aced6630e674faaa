/* Lua values as JSON, for programs that drive a console. */
#pragma once

#include <json-glib/json-glib.h>
#include <lua.h>

/* The value at `first`, or a list of `count` from there on: numbers that JSON has no word
 * for (no reading) are null, tables are arrays when their keys are 1 to n, else objects,
 * functions their type, userdata what __plain of their metatable returns for them. What
 * is too deep is "…", so are texts beyond 4 MB in all; what is beyond 10 000 values is
 * not there. Never raises an error. To be freed. */
JsonNode *json_of_lua(lua_State *L, int first, int count);
