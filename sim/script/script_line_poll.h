/* Background polling: line:poll { … } reads the same registers of a meter again and
 * again beside the scenario, checks every answer, and counts. A poll whose predecessor
 * is not over yet is missed, not queued. */
#ifndef SIM_SCRIPT_SCRIPT_LINE_POLL_H
#define SIM_SCRIPT_SCRIPT_LINE_POLL_H

#include "sim/script/script_state.h"

/* Of the array of a line's polls. */
void script_line_poll_free(void *poll);

#endif
