/* The verbs save and restore, and the state of a script's meters for files. */
#ifndef SIM_SCRIPT_SCRIPT_SAVE_H
#define SIM_SCRIPT_SCRIPT_SAVE_H

#include "sim/script/script_state.h"

extern const struct script_family script_save_family;

#endif
