/* The meter as a Lua value: readings by name, fields, methods. */
#ifndef SIM_SCRIPT_SCRIPT_OBJECT_H
#define SIM_SCRIPT_SCRIPT_OBJECT_H

#include "sim/script/script_internal.h"

/* Pushes a meter value; script_object_set fills it in. */
void script_object_push(lua_State *L, struct site_meter *m);
void script_object_set(lua_State *L, int index, struct site_meter *m);

/* The quantity that is read by this name, or -1; what it is measured in. */
int script_object_quantity(const char *name);
enum dimension script_object_dimension(enum quantity q);

#endif
