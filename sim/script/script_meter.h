/* The verb meter: makes a unit, screws the sensors on, gives it power, and writes its
 * settings. What is wrong in the field is wrong here the same way: ct_sensor and
 * pt_sensor are what hangs on the meter, ct_primary and pt_ratio what it believes. */
#ifndef SIM_SCRIPT_SCRIPT_METER_H
#define SIM_SCRIPT_SCRIPT_METER_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_meter(lua_State *L);
int script_meters(lua_State *L);
int script_each(lua_State *L);
int script_power(lua_State *L);

#endif
