/* Loads of the many meters of `serve --count`, on the grid that they share: drawn from
 * a seed, or from a table of profiles.
 *
 * The table is CSV. Its first column, `time`, rises from row to row: seconds, H:MM or
 * H:MM:SS. Each further column is a profile, under any name: kW of all phases together,
 * negative for export, held from its row to the next, as utilities give load profiles.
 * Meter n has column 1 + (n − 1) mod profiles. At the next whole day (24 h) after the
 * last row the table begins again. */
#pragma once

#include "sim/plant/demo.h"
#include "sim/plant/sim.h"
#include <glib.h>

struct plant;

enum { PLANT_ROWS = 100000, PLANT_PROFILES = 20000 };

/* The units of `sim`, made of `demo`. To be freed before the simulation. */
struct plant *plant_new(struct sim *sim, const struct demo *demo);
void plant_free(struct plant *p);

/* A constant load for each, the same for the same seed and place: 5 to 100 % of the
 * demo's amps, phases within ±15 % of their mean, a power factor from 0.8 to 1,
 * harmonics; one in ten exports. */
void plant_draw(struct plant *p, uint64_t seed);

/* Reads the table and follows it from now on. False with *error set: "file:line:column:
 * what". The power factor is the demo's. */
bool plant_follow(struct plant *p, const char *path, GError **error);
