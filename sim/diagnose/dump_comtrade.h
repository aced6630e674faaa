/* A COMTRADE record as a dump: what an ideal meter reads of its first cycles, before
 * whatever it recorded. */
#pragma once

#include "sim/diagnose/observation.h"

bool dump_comtrade_is(const char *path); /* by its name */

bool dump_comtrade_read(struct observation *o, const char *path,
                        const struct model *model, GError **error);
