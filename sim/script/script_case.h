/* The verb case: a what-if. The process forks, so that every case goes on from the same
 * warm state, to the bit, and knows nothing of the others; the scenario itself goes on
 * as if the case had not been. While --jobs has a ticket left a case runs beside the
 * scenario, else the scenario waits for it; results stand in the order in which the
 * cases begin, so nothing that is printed depends on --jobs. The case's process leaves
 * its result in a file in memory, where it need not wait for a reader, and ends. */
#pragma once

#include "sim/script/script_state.h"

extern const struct script_family script_case_family;
