/* Tables of names and values, of any meter: a line each, as people copy them from a
 * display, a page or a thread. */
#pragma once

#include "sim/diagnose/observation.h"

/* "V L1 = 231.2 V", "kw_a, -3.1", "PF2: 0.48 lag". Part of dump_file.h. */
bool dump_names_parse(struct observation *o, const char *name, const char *text,
                      const struct model *model, GError **error);
