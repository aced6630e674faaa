/* Answer n as a scenario: the site behind the readings, its fault, and what the meter must
 * read. */
#ifndef SIM_DIAGNOSE_DIAGNOSIS_LUA_H
#define SIM_DIAGNOSE_DIAGNOSIS_LUA_H

#include "sim/diagnose/diagnosis.h"

void diagnosis_lua(const struct diagnosis *d, int n, GString *to);

#endif
