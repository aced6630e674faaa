/* Lanes drawn over time. */
#ifndef SIM_REPORT_REPORT_TIMELINE_H
#define SIM_REPORT_REPORT_TIMELINE_H

#include "sim/report/report_parts.h"

/* Appends a <figure> over 0 to end_s. */
void report_timeline(const struct report *r, double end_s, GString *html);

#endif
