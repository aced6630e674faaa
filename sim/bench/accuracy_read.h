/* Cases of accuracy, from a table. */
#pragma once

#include "sim/bench/accuracy_case.h"

/* Reads row `row`; FALSE with the place and what was expected. */
bool accuracy_case_read(struct accuracy_case *c, const struct csv *csv, int row,
                        GError **error);
