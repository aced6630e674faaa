/* A process that does not come back from one call is ended, and nobody else: each process
 * of a run guards itself. A process that only waits for its children is not guarded. */
#pragma once

#include <glib.h>

/* What the end of such a process is called. */
#define STUCK_TEXT "killed: stuck in one call beyond the time limit"

/* From this time on (g_get_monotonic_time; past: from now on) the process may work for
 * at most a second or two; 0: no guard any more. */
void stuck_guard(gint64 deadline_us);

/* Did the guard end the process? status: of waitpid. */
gboolean stuck_ended(int status);
