/* Where a quantity stands in the registers of a meter: as a float, as an integer, in
 * SunSpec. A gateway may hand on only some of them. */
#pragma once

#include "sim/field/image.h"

enum source { SOURCE_FLOAT, SOURCE_INTEGER, SOURCE_SUNSPEC, SOURCES };

/* The register; 0: the model has none there, or it was not read. */
int source_register(const struct image *image, enum quantity q, enum source source);

/* The value, NaN where the meter says that there is none, and its smallest step. */
double source_value(const struct image *image, enum quantity q, enum source source,
                    double *step);

/* By the first of them that was read. */
double image_quantity(const struct image *image, enum quantity q);
bool image_has_quantity(const struct image *image, enum quantity q);
