/* A diagnosis as text for people. */
#pragma once

#include "sim/diagnose/diagnosis.h"

void diagnosis_text(const struct diagnosis *d, GString *to);
