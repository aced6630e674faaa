/* A row of a log as the grid and the load of a meter. */
#pragma once

#include "sim/history/world.h"
#include "sim/site/site.h"

/* Becomes the meter's. 0 or an error of site.h. */
int world_apply(const struct world_row *row, struct site_meter *m);
