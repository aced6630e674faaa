/* Cases of accuracy, from a table. */
#ifndef SIM_BENCH_ACCURACY_READ_H
#define SIM_BENCH_ACCURACY_READ_H

#include "sim/bench/accuracy_case.h"

/* Reads row `row`; FALSE with the place and what was expected. */
bool accuracy_case_read(struct accuracy_case *c, const struct csv *csv, int row,
                        GError **error);

#endif
