/* Lua values as JSON, for programs that drive a console. */
#ifndef SIM_CONSOLE_SCRIPT_JSON_H
#define SIM_CONSOLE_SCRIPT_JSON_H

#include <json-glib/json-glib.h>
#include <lua.h>

/* The value at `index`: numbers that JSON has no word for (no reading) are null, tables
 * are arrays when their keys are 1 to n, else objects, meters their names, registers
 * lists of words, functions their type. What is too deep or too long is cut off with
 * "…". Never raises an error. To be freed. */
JsonNode *script_json_value(lua_State *L, int index);

#endif
