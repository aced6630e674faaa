/* The verbs add_load and clear_loads: what they remember of a script. */
#ifndef SIM_SCRIPT_SCRIPT_LOADS_H
#define SIM_SCRIPT_SCRIPT_LOADS_H

#include "sim/script/script_family.h"

extern const struct script_family script_loads_family;

#endif
