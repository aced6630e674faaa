/* The meter as a Lua value: readings by name, fields, methods. */
#pragma once

#include "sim/script/script_state.h"

/* Pushes a meter value; script_object_set fills it in. */
void script_object_push(lua_State *L, struct site_meter *m);
void script_object_set(lua_State *L, int index, struct site_meter *m);

/* The quantity that is read by this name, or -1; what it is measured in. */
int script_object_quantity(const char *name);
enum dimension script_object_dimension(enum quantity q);

/* The meter at an argument, or NULL when that is no meter. */
struct site_meter *script_meter_test(lua_State *L, int index);
struct site_meter *script_meter_check(lua_State *L, int index);

/* The meter before a verb's other arguments, taken off the stack; NULL: none is. */
struct site_meter *script_meter_optional(lua_State *L);

/* The meter of a verb with no other argument; NULL: it means all. */
struct site_meter *script_meter_only(lua_State *L);
