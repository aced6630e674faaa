/* Background polling: line:poll { … } reads the same registers of a meter again and
 * again beside the scenario, checks every answer, and counts. A poll whose predecessor
 * is not over yet is missed, not queued. */
#ifndef SIM_SCRIPT_SCRIPT_LINE_POLL_H
#define SIM_SCRIPT_SCRIPT_LINE_POLL_H

#include "sim/script/script_state.h"

/* Of the array of a line's polls. */
void script_line_poll_free(void *poll);

/* Rows of the tables of script_verbs.c. */
int script_line_poll(lua_State *L);

#endif
