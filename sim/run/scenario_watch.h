/* Who looks on while a scenario runs: the record and the report, as the options ask. */
#ifndef SIM_RUN_SCENARIO_WATCH_H
#define SIM_RUN_SCENARIO_WATCH_H

#include "sim/run/scenario.h"

struct scenario_watch;

/* NULL when nothing is asked for, or *problem (g_free) is set. */
struct scenario_watch *scenario_watch_open(const struct scenario_options *options,
                                           char **problem);

/* For script_options; NULL for NULL. */
struct observer *scenario_watch_observer(const struct scenario_watch *w);

/* "FILE: why" (g_free) of what a record cannot write, or NULL. */
char *scenario_watch_trouble(const struct scenario_watch *w);

/* In the process of a case: record and report are the scenario's, and go on there; the
 * case's own record begins. A text (g_free) of why it cannot, or NULL. */
char *scenario_watch_case(struct scenario_watch *w, int number, const char *name);

/* After the end, while script and meters are still there; the result holds the outcome
 * and gets notice and section. Frees. A text (g_free) of what could not be written, or
 * NULL. */
char *scenario_watch_close(struct scenario_watch *w, struct scenario_result *result);

#endif
