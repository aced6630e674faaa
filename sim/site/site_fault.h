/* Faults and when they end. A fault with an end is restored by an event, unless it was
 * set anew meanwhile. `line` of the script, or 0. */
#pragma once

#include "sim/site/site.h"

/* The phases (bits 0-2) take the value; ends that were planned are forgotten. */
void site_fault_begin(struct site_meter *m, enum fault_id id, unsigned phases,
                      double value, int line);
void site_fault_end(struct site_meter *m, enum fault_id id, unsigned phases, int line);

void site_fault_end_at(struct site_meter *m, enum fault_id id, unsigned phases,
                       int64_t at_ns);

/* All of all meters end, and no end is planned. */
void site_faults_restore(struct site *site);

/* Ends that wait, both ways; loading replaces those that do. */
void site_fault_ends_store(struct site *site, struct store *st);
