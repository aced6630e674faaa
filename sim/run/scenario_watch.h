/* Who looks on while a scenario runs: the record and the report, as the options ask. */
#pragma once

#include "sim/run/scenario.h"
#include <glib.h>

struct scenario_watch;

/* NULL when nothing is asked for, or after an error. */
struct scenario_watch *scenario_watch_open(const struct scenario_options *options,
                                           GError **error);

/* For script_options; NULL for NULL. */
struct observer *scenario_watch_observer(const struct scenario_watch *w);

/* False and "FILE: why" when a record cannot write. */
bool scenario_watch_check(const struct scenario_watch *w, GError **error);

/* In the process of a case: record and report are the scenario's, and go on there; the
 * case's own record begins. An error when it cannot. */
void scenario_watch_case(struct scenario_watch *w, int number, const char *name,
                         GError **error);

/* After the end, while script and meters are still there; the result holds the outcome
 * and gets notice and section. Frees. An error names what could not be written. */
void scenario_watch_close(struct scenario_watch *w, struct scenario_result *result,
                          GError **error);
