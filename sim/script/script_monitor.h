/* always, never, eventually, monotonic, conserved: conditions and numbers that are
 * looked at when they are stated, every simulated second from then on (a meter
 * publishes once a second), and at the end. */
#ifndef SIM_SCRIPT_SCRIPT_MONITOR_H
#define SIM_SCRIPT_SCRIPT_MONITOR_H

#include "sim/script/script_state.h"

extern const struct script_family script_monitor_family;

#endif
