/* What a capture says besides the scenario: readings that are missing or disagree, and
 * what else would read the same. */
#pragma once

#include "sim/field/image.h"

/* False with `error` set when voltages, currents or power were not to be had at all. */
bool capture_has_readings(const struct image *image, GError **error);

/* Where floats, integers and SunSpec disagree: one line each, with `before`; how many. */
int capture_disagreements(const struct image *image, const char *before, GString *to);

/* As comments of the scenario: disagreements, and what else would read so. */
void capture_notes(const struct image *image, GString *to);
