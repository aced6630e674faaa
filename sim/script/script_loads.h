/* The verbs add_load and clear_loads: what they remember of a script. */
#pragma once

#include "sim/script/script_family.h"

extern const struct script_family script_loads_family;
