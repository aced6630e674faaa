/* A diagnosis as one line of JSON. */
#pragma once

#include "sim/diagnose/diagnosis.h"

void diagnosis_json(const struct diagnosis *d, GString *to);
