/* Lanes drawn over time. */
#pragma once

#include "sim/report/report_parts.h"

/* Appends a <figure> over 0 to end_s. */
void report_timeline(const struct report *r, double end_s, GString *html);
