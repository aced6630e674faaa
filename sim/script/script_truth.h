/* m:truth(): the exact values of the wave, under the names of the readings and in their
 * units (site_truth.h). */
#ifndef SIM_SCRIPT_SCRIPT_TRUTH_H
#define SIM_SCRIPT_SCRIPT_TRUTH_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_truth(lua_State *L);

#endif
