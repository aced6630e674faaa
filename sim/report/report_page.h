/* The page of `metersim run --report` and `metersim exam --html`: the sections of all results. */
#pragma once

#include "sim/record/scenario_result.h"

struct report_item {
    const char *name;
    uint64_t seed;
    const struct scenario_result *result;
};

/* The page of all items; false with *error. */
bool report_page_write(const char *path, const char *title,
                       const struct report_item *items, guint count, GError **error);
