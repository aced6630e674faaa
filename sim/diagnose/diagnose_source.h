/* Sources of a diagnosis as they are named: live meters, historians' tables, and the
 * files of dump_file.h. */
#pragma once

#include "sim/diagnose/observation.h"
#include "sim/field/place.h"

struct diagnose_source_options {
    const struct model *model; /* NULL: what the source says */
    struct place place;        /* of live meters: baud rate, parity, timeout */
    double every_s, for_s;     /* how often a live meter is read; for_s 0: once */
};

bool diagnose_source_read(struct observation *o, const char *source,
                          const struct diagnose_source_options *options,
                          GError **error);
