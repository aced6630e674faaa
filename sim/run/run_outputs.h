/* The files and folders that a run writes, looked at before anything runs. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Names as the options have them; NULL: not asked for. */
struct run_outputs {
    const char *junit, *page, *save, *record, *screenshots;
    const char *tape; /* "-": its hash alone */
};

/* Can all be written, and each without another one, a scenario of the list or the
 * snapshot `from` (or NULL) being lost? */
bool run_outputs_check(const struct run_outputs *outputs, const GPtrArray *items,
                       const char *from, GError **error);
