/* The verbs save and restore, and the state of a script's meters for files. */
#pragma once

#include "sim/script/script_state.h"

extern const struct script_family script_save_family;
