/* Triggers: when a function is called. At a time (after, every), at an event (when), at
 * the Nth request to a meter (on_poll); and chance, which comes from the seed. What
 * they call runs beside the scenario (script_task.c) and may wait. */
#pragma once

#include "sim/script/script_state.h"

extern const struct script_family script_trigger_family;
