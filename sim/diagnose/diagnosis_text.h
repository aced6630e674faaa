/* A diagnosis as text for people. */
#ifndef SIM_DIAGNOSE_DIAGNOSIS_TEXT_H
#define SIM_DIAGNOSE_DIAGNOSIS_TEXT_H

#include "sim/diagnose/diagnosis.h"

void diagnosis_text(const struct diagnosis *d, GString *to);

#endif
