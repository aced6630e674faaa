/* The section of one scenario in a report. Private to sim/report/. */
#pragma once

#include "sim/record/scenario_result.h"
#include "sim/report/report_parts.h"

/* To be freed with g_free. */
char *report_section(const struct report *r, const struct scenario_result *result,
                     double end_s);
