/* The verb truth(m, "0.2S"): every reading that the wave has an exact value for, against
 * it (site_class.h). */
#ifndef SIM_SCRIPT_SCRIPT_CLASS_H
#define SIM_SCRIPT_SCRIPT_CLASS_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_truth_class(lua_State *L);

#endif
