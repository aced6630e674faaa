/* Meters on one feeder. Each has a world of its own, but what happens to the voltages
 * of one happens to all, and the currents of the submeters flow through the meter at
 * the feeder's head, too. All worlds begin at the same moment and get the same calls,
 * so their voltages are the same to the bit. */
#pragma once

#include "sim/site/site.h"

struct site_meter *site_feeder_head(struct site_meter *m);

/* Are there others on the meter's feeder? */
bool site_feeder_shared(const struct site_meter *m);

/* Can a meter of this wiring be a submeter of that one? */
bool site_feeder_fits(const struct site_meter *head, enum waveform_wiring wiring);

/* The meter's own load, and the sum at the feeder's head. 0 or an error (site.h). */
int site_feeder_set_load(struct site_meter *m, const struct waveform_load *load);

/* A new meter becomes a submeter: grid and faults of the grid are the head's. */
void site_feeder_join(struct site_meter *m, struct site_meter *head);
