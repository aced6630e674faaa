/* What came of a calibration, as JSON and as text. */
#pragma once

#include "sim/factory/calibration.h"

/* Writes BASE.json and BASE.txt. `date` is ISO 8601. */
bool certificate_write(const char *base, const char *date,
                       const struct calibration_plan *plan,
                       const struct calibration_result *r, GError **error);

/* The text alone; to be freed. */
char *certificate_text(const char *date, const struct calibration_plan *plan,
                       const struct calibration_result *r);
