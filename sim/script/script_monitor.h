/* always, never, eventually, monotonic, conserved: conditions and numbers that are
 * looked at when they are stated, every simulated second from then on (a meter
 * publishes once a second), and at the end. */
#pragma once

#include "sim/script/script_state.h"

extern const struct script_family script_monitor_family;
