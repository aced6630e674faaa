/* Two images register by register: what may differ, and in what row. Settings and alerts
 * must be equal. Readings may differ by a share of the larger of the two, and at least
 * of a fiftieth of full scale, and by one step of the register. */
#pragma once

#include "sim/field/image.h"
#include <stdbool.h>

/* By so much the register may differ. */
double image_allowed(const struct image *a, const struct image *b,
                     const struct register_entry *e, double share);

/* "0.5%" as a share; NULL leaves *share as it is. */
bool image_tolerance_parse(const char *text, double *share, GError **error);

/* A value, or "none"; in `text`, which it returns. */
enum { IMAGE_VALUE_TEXT = 32 };
const char *image_value_text(double value, char text[IMAGE_VALUE_TEXT]);
