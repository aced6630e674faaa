/* Plots of readings. */
#ifndef SIM_REPORT_REPORT_PLOT_H
#define SIM_REPORT_REPORT_PLOT_H

#include "sim/report/report_parts.h"

/* Appends <figure>s over 0 to end_s. */
void report_plots(const struct report *r, double end_s, GString *html);

#endif
