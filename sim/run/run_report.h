/* What `metersim run` prints: TAP, a point for each scenario and for each of its cases,
 * and on a terminal a bar that shows how far it is. The plan stands at the end, because
 * only then the cases are known (TAP 13 allows that). */
#pragma once

#include "sim/run/run_list.h"

struct run_report {
    bool quiet; /* only what fails */
    bool bar;   /* standard error is a terminal */
    guint items;
    guint points, passed, failed, misused, skipped,
        empty; /* empty: nothing was expected */
    double simulated_s;
};

/* The scenario at `index` is done. */
void run_report_item(struct run_report *r, const struct run_item *item, guint index);

/* The plan and the summary. */
void run_report_end(struct run_report *r, double wall_s);
