/* Plots of readings. */
#pragma once

#include "sim/report/report_parts.h"

/* Appends <figure>s over 0 to end_s. */
void report_plots(const struct report *r, double end_s, GString *html);
