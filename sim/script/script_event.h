/* The verbs event and clear_events: what happens to the grid, by the rows of
 * waveform/event.def. An event belongs to the meters that there are; `at` counts from
 * now. */
#ifndef SIM_SCRIPT_SCRIPT_EVENT_H
#define SIM_SCRIPT_SCRIPT_EVENT_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_event(lua_State *L);
int script_clear_events(lua_State *L);

#endif
