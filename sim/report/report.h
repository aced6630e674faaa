/* metersim run --report: one page of HTML with everything in it, readable without a
 * network. Each scenario's process makes its section while it runs, in constant memory;
 * the page joins them. */
#pragma once

#include "sim/record/observer.h"
#include "sim/record/scenario_result.h"
#include <glib.h>

struct report;

/* `path` of the scenario, `pictures` of the panel at most. */
struct report *report_open(struct observer *o, const char *path, int pictures);

/* After observer_finish, while the meters are there. The section, to be freed. */
char *report_close(struct report *r, const struct scenario_result *result,
                   double end_s);
