/* Record and report of a scenario. See scenario_watch.h. */
#include "sim/run/scenario_watch.h"
#include "sim/record/record.h"
#include "sim/report/report.h"
#include <glib.h>

struct scenario_watch {
    struct observer *observer;
    struct record *record;
    struct report *report;
};

struct scenario_watch *scenario_watch_open(const struct scenario_options *o,
                                           char **problem)
{
    struct scenario_watch *w;

    if (!o->record && !o->report)
        return NULL;
    w = g_new0(struct scenario_watch, 1);
    w->observer = observer_new();
    if (o->record) {
        w->record = record_open(&(struct record_options){ .folder = o->record,
                                                          .scenario = o->path,
                                                          .seed = o->seed,
                                                          .from_s = o->record_from_s,
                                                          .to_s = o->record_to_s },
                                w->observer, problem);
        if (!w->record) {
            observer_free(w->observer);
            g_free(w);
            return NULL;
        }
    }
    if (o->report)
        w->report = report_open(w->observer, o->path, o->pictures);
    return w;
}

struct observer *scenario_watch_observer(const struct scenario_watch *w)
{
    return w ? w->observer : NULL;
}

char *scenario_watch_close(struct scenario_watch *w, struct scenario_result *result)
{
    char *problem = NULL;

    if (!w)
        return NULL;
    observer_finish(w->observer);
    if (w->record)
        problem = record_close(w->record, &result->notice);
    if (w->report)
        result->section = report_close(w->report, result, result->simulated_s);
    observer_free(w->observer);
    g_free(w);
    return problem;
}
