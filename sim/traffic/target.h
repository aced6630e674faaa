/* The meter that requests of a capture are sent to: that of a scenario (a file of
 * metersim capture is one), of a snapshot, or a plain one. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/plant/sim.h"
#include <glib.h>

struct scenario;
struct script;

struct target {
    struct sim *sim;
    struct scenario *scenario; /* NULL: none */
    struct script *snapshot;   /* NULL: none */
    int index;                 /* of the unit */
};

/* from: FILE.lua, a snapshot, or NULL. The meter with that Modbus address, or the first.
 * False with *error set; to be closed in any case. */
bool target_open(struct target *t, const char *from, int address, GError **error);
void target_close(struct target *t);

/* As it is now. */
struct unit *target_unit(const struct target *t);
