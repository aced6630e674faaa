/* Answer n as a scenario: the site behind the readings, its fault, and what the meter must
 * read. */
#pragma once

#include "sim/diagnose/diagnosis.h"

void diagnosis_lua(const struct diagnosis *d, int n, GString *to);
