/* The section of one scenario in a report. Private to sim/report/. */
#ifndef SIM_REPORT_REPORT_SECTION_H
#define SIM_REPORT_REPORT_SECTION_H

#include "sim/record/scenario_result.h"
#include "sim/report/report_parts.h"

/* To be freed with g_free. */
char *report_section(const struct report *r, const struct scenario_result *result,
                     double end_s);

#endif
