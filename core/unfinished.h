/* The energy that metering holds and has not accumulated: the cycles of the present
 * second, the one that runs, and the samples that wait for the filters. It is what a
 * failing supply would take, so it is stored without being accumulated: when the supply
 * comes back in time, metering goes on as if nothing had been. */
#pragma once

#include "core/energy.h"
#include "core/metering_state.h"

/* Adds it to *energy, and to part->…_uj. Before the first second nothing is known of it
 * and nothing is added. */
void unfinished_energy(const struct metering *m, const struct model *model,
                       struct energy *energy, struct second *part);
