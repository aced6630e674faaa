/* A diagnosis as one line of JSON. */
#ifndef SIM_DIAGNOSE_DIAGNOSIS_JSON_H
#define SIM_DIAGNOSE_DIAGNOSIS_JSON_H

#include "sim/diagnose/diagnosis.h"

void diagnosis_json(const struct diagnosis *d, GString *to);

#endif
