/* A scenario from a meter's registers: its settings, and a grid and loads that bring
 * back the readings of the present. */
#pragma once

#include "sim/field/image.h"

/* The scenario as text; it holds the registers, too, so `metersim compare` reads it. */
GString *capture_scenario(const struct image *image);
