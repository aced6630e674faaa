/* The state of a script's meters outside of the script: at its end, to be written to a
 * file, and at its start, from one (state_file.h). */
#ifndef SIM_SCRIPT_SCRIPT_SAVE_H
#define SIM_SCRIPT_SCRIPT_SAVE_H

#include "sim/script/script.h"
#include "waveform/base/store.h"

/* With keeps_end, after the script has passed: the state at its end, faults in force
 * included. *problem: why there is none, or NULL. */
const struct store *script_end_state(const struct script *s, const char **problem);

/* Between script_new and script_start: its meters are those of the state, in the global
 * `meters`; simulated time is the state's. NULL, or what is wrong, to be freed with
 * g_free. */
char *script_begin_from(struct script *s, struct store *state);

#endif
