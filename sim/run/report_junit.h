/* Results of a run as JUnit XML, for CI. */
#pragma once

#include "sim/run/run_list.h"

/* 0, or -1 and a GError. */
int report_junit_write(const char *path, GPtrArray *items, GError **error);
