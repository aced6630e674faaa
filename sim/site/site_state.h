/* The state of a site as bytes, both ways: the meters with all that is theirs, grid and
 * load as they were asked for, ends of faults, simulated time. Recordings that play and
 * lines of RS-485 have no place in it. */
#pragma once

#include "sim/site/site.h"

/* Makes a meter of the state, with that name, of the unit. */
typedef struct site_meter *(*site_state_adopt)(void *user, struct unit *unit,
                                               const char *name);

/* A site without meters gets those of the bytes by `adopt`; their samples go to the
 * tape. False: this state cannot be kept, or put back. */
bool site_state_store(struct site *site, struct store *st, const struct unit_options *o,
                      site_state_adopt adopt, void *user);

/* The number of meters in a state; -1: it is none. */
int site_state_meters(const struct store *state);
