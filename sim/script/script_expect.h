/* expect and near. The first expectation that is not met ends the scenario; its message
 * has the line of the script, what was expected and read, and the meters' readings. */
#ifndef SIM_SCRIPT_SCRIPT_EXPECT_H
#define SIM_SCRIPT_SCRIPT_EXPECT_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_near(lua_State *L);
int script_no_reading(lua_State *L);
int script_expect(lua_State *L);

#endif
