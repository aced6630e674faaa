/* A unit as bytes. Part of unit.h. */
#pragma once

#include "hal_sim/tape.h"

struct store;
struct unit;
struct unit_options;

/* All of the unit as bytes (store.h): firmware, NVM, outputs, sensors, faults, world, its
 * time. Restore puts it back into a unit, whatever that was; what then happens is to the
 * bit what would have happened to the one that was saved. Tape, line and before_request
 * stay those of the unit that is restored. -1: a recording plays, which cannot be saved;
 * or the bytes are not valid: the unit can then only be freed. The firmware's state is
 * an image of memory: bytes from elsewhere are to be checked before (a CRC, and which
 * build made them). */
int unit_save(const struct unit *u, struct store *s);
int unit_restore(struct unit *u, struct store *s);
uint64_t unit_layout(void); /* what this compiler makes of the structs */
/* Of the options sink and maker count. */
struct unit *unit_new_restored(struct store *s, const struct unit_options *o);
