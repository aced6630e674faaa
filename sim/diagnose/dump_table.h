/* The readings of one moment by their quantities, of any meter, as a dump. */
#pragma once

#include "core/quantity.h"
#include "sim/diagnose/observation.h"

struct dump_table {
    double reading[QUANTITIES]; /* in register units; NaN: none */
    int readings;
    double type, ct_primary, nominal_v; /* 0: not given */
    double time_s;
    bool has_angles; /* of the voltages, degrees */
    double v_deg[3];
};

void dump_table_start(struct dump_table *t);

/* False with `error` set: a phase lacks its current or power. */
bool dump_table_add(struct observation *o, const char *name, const struct dump_table *t,
                    const struct model *model, GError **error);
