/* Record and report of a scenario. See scenario_watch.h. */
#include "sim/run/scenario_watch.h"
#include "sim/record/record.h"
#include "sim/record/record_folder.h"
#include "sim/report/report.h"
#include <glib.h>

struct scenario_watch {
    struct observer *observer;
    struct record_options options; /* the folder is its own */
    struct record *record;
    struct report *report;
};

static void free_watch(struct scenario_watch *w)
{
    observer_free(w->observer);
    g_free((char *)w->options.folder);
    g_free(w);
}

struct scenario_watch *scenario_watch_open(const struct scenario_options *o,
                                           GError **error)
{
    struct scenario_watch *w;

    if (!o->record && !o->report)
        return NULL;
    w = g_new0(struct scenario_watch, 1);
    w->observer = observer_new();
    if (o->record) {
        w->options = (struct record_options){ .folder = g_strdup(o->record),
                                              .scenario = o->path,
                                              .seed = o->seed,
                                              .from_s = o->record_from_s,
                                              .to_s = o->record_to_s };
        w->record = record_open(&w->options, w->observer, error);
        if (!w->record) {
            free_watch(w);
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

bool scenario_watch_check(const struct scenario_watch *w, GError **error)
{
    return !w || !w->record || record_check(w->record, error);
}

void scenario_watch_close(struct scenario_watch *w, struct scenario_result *result,
                          GError **error)
{
    if (!w)
        return;
    observer_finish(w->observer);
    if (w->record)
        record_close(w->record, &result->notice, error);
    if (w->report)
        result->section = report_close(w->report, result, result->simulated_s);
    free_watch(w);
}

void scenario_watch_case(struct scenario_watch *w, int number, const char *name,
                         GError **error)
{
    if (!w)
        return;
    observer_silence(w->observer);
    w->report = NULL;
    if (!w->record)
        return;
    char *folder = record_folder_of_case(w->options.folder, number, name);
    g_free((char *)w->options.folder);
    w->options.folder = folder;
    w->record = record_open(&w->options, w->observer, error);
    observer_introduce(w->observer);
}
