/* What was read at a site, from files: register dumps as CSV, captures, what mbpoll
 * prints, tables of names and values. */
#pragma once

#include "sim/diagnose/observation.h"

/* Adds the dumps of the text of the file `name`; which form it has is seen from the text.
 * `model` NULL: by the registers. False with `error` set ("dump.csv:3:1: expected …"). */
bool dump_parse(struct observation *o, const char *name, const char *text,
                const struct model *model, GError **error);
