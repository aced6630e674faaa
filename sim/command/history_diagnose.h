/* What metersim diagnose says of the rows of a log from one of them on. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/history/history.h"

/* Prints it; `u` has the settings. Logs without a current or a power of each phase say
 * too little, and this is said. */
void history_diagnose(const struct history *h, const struct unit *u, int from_row);
