/* Register dumps as files: what one site's meter read, at one moment or several. */
#ifndef SIM_DIAGNOSE_DUMP_FILE_H
#define SIM_DIAGNOSE_DUMP_FILE_H

#include "sim/diagnose/observation.h"

/* The text of the file `name`; `model` NULL: by the registers. False with `error` set. */
bool dump_parse(struct observation *o, const char *name, const char *text,
                const struct model *model, GError **error);

#endif
