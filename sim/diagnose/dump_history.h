/* A historian's table as dumps of one site: so many of its rows as are of use. */
#pragma once

#include "sim/diagnose/observation.h"

/* The heading has a time and readings, and no registers. */
bool dump_history_is(const char *text);

bool dump_history_parse(struct observation *o, const char *name, const char *text,
                        const struct model *model, GError **error);
