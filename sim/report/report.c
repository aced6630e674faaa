/* What a report collects while a scenario runs. See report.h. Faults are pictured two
 * seconds later, when the meter's results know nothing of what was before. */
#include "sim/report/report.h"
#include "sim/report/report_lane.h"
#include "sim/report/report_parts.h"
#include "sim/report/report_picture.h"
#include "sim/report/report_section.h"
#include <string.h>

#define AFTER_FAULT_NS INT64_C(2100000000)

/* Kept for the end and for a failure. */
enum { PICTURES_KEPT = 2 };

static void free_meter(void *meter)
{
    struct report_meter *m = meter;

    g_ptr_array_unref(m->watched);
    g_free(m);
}

static void free_event(void *event)
{
    struct report_event *e = event;

    g_free(e->meter);
    g_free(e->text);
    g_free(e);
}

static struct report_meter *meter_of(const struct report *r,
                                     const struct observed_meter *m)
{
    return m->index < REPORT_METERS ? g_ptr_array_index(r->meters, (guint)m->index)
                                    : NULL;
}

static void on_meter(void *user, const struct observed_meter *m)
{
    struct report *r = user;

    if (m->index >= REPORT_METERS)
        return;
    struct report_meter *meter = g_new0(struct report_meter, 1);
    meter->meter = m;
    meter->watched = g_ptr_array_new_with_free_func(g_free);
    for (int row = 0; row < REPORT_PLOTS; row++)
        for (int k = 0; k < REPORT_TRACES; k++)
            trace_start(&meter->trace[row][k]);
    g_ptr_array_add(r->meters, meter);
}

static void on_watch(void *user, const struct observed_register *reg)
{
    struct report_meter *m = meter_of(user, reg->meter);

    if (!m || m->watched->len >= REPORT_WATCHED)
        return;
    struct report_watched *w = g_new0(struct report_watched, 1);
    w->reg = *reg;
    trace_start(&w->trace);
    g_ptr_array_add(m->watched, w);
}

static void add_readings(struct report_meter *m, int64_t second)
{
    const struct unit *u = m->meter->unit;

    for (int row = 0; row < REPORT_PLOTS; row++)
        for (int k = 0; k < report_plot_table[row].traces; k++) {
            enum quantity q = report_plot_table[row].trace[k].quantity;
            int decimals =
                quantity_decimals((enum quantity_unit)quantity_table[q].unit);
            int64_t x;
            if (unit_reading(u, q, &x))
                trace_add(&m->trace[row][k], second,
                          (double)x / (double)quantity_ten(decimals));
        }
}

static void free_due(void *due)
{
    g_free(((struct report_due *)due)->text);
    g_free(due);
}

static void draw_due_pictures(struct report *r, const struct observed_meter *m)
{
    for (guint k = r->due->len; k-- > 0;) {
        const struct report_due *d = g_ptr_array_index(r->due, k);
        if (d->meter != m || m->unit->now_ns < d->at_ns)
            continue;
        report_picture_add(r, m, d->text);
        g_ptr_array_remove_index(r->due, k);
    }
}

/* Faults of several phases, or at once, make one picture. */
static void plan_picture(struct report *r, const struct observed_event *e)
{
    for (guint k = 0; k < r->due->len; k++)
        if (((struct report_due *)g_ptr_array_index(r->due, k))->meter == e->meter)
            return;
    if ((int)(r->pictures->len + r->due->len) + PICTURES_KEPT >= r->pictures_max)
        return;
    struct report_due *d = g_new0(struct report_due, 1);
    *d = (struct report_due){ e->meter, e->at_ns + AFTER_FAULT_NS,
                              g_strdup_printf("after %s", e->text) };
    g_ptr_array_add(r->due, d);
}

static void on_second(void *user, const struct observed_meter *m, int64_t at_ns)
{
    struct report *r = user;
    struct report_meter *meter = meter_of(r, m);
    int64_t second = (at_ns + 500000000) / 1000000000;

    if (!meter)
        return;
    add_readings(meter, second);
    for (guint k = 0; k < meter->watched->len; k++) {
        struct report_watched *w = g_ptr_array_index(meter->watched, k);
        trace_add(&w->trace, second, observer_register(&w->reg));
    }
    draw_due_pictures(r, m);
}

/* The energy contact's edges are in its lane, and in a record. */
static void list_event(struct report *r, const struct observed_event *e)
{
    if (e->kind == OBSERVED_CONTACT && e->key && !strcmp(e->key, "energy contact"))
        return;
    if (r->events->len >= REPORT_EVENTS && e->kind != OBSERVED_FAILED) {
        r->events_left_out++;
        return;
    }
    struct report_event *copy = g_new0(struct report_event, 1);
    copy->kind = e->kind;
    copy->at_ns = e->at_ns;
    copy->line = e->line;
    copy->meter = g_strdup(e->meter ? e->meter->name : "");
    copy->text = g_strdup(e->text);
    g_ptr_array_add(r->events, copy);
}

static void on_event(void *user, const struct observed_event *e)
{
    struct report *r = user;

    list_event(r, e);
    report_lane_event(r, e);
    if (e->kind == OBSERVED_FAULT && e->state && e->meter)
        plan_picture(r, e);
    if (e->kind != OBSERVED_FAILED || !r->meters->len)
        return;
    const struct report_meter *first = g_ptr_array_index(r->meters, 0);
    report_picture_add(r, e->meter ? e->meter : first->meter, "the failure");
}

static const struct observer_calls calls = {
    .meter = on_meter, .watch = on_watch, .second = on_second, .event = on_event
};

static char *read_source(const char *path)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return g_strdup("");
    return g_utf8_make_valid(text, -1);
}

struct report *report_open(struct observer *o, const char *path, int pictures)
{
    struct report *r = g_new0(struct report, 1);

    r->path = g_strdup(path);
    r->source = read_source(path);
    r->pictures_max = pictures;
    r->meters = g_ptr_array_new_with_free_func(free_meter);
    r->lanes = g_ptr_array_new_with_free_func(report_lane_free);
    r->events = g_ptr_array_new_with_free_func(free_event);
    r->pictures = g_ptr_array_new_with_free_func(report_picture_free);
    r->due = g_ptr_array_new_with_free_func(free_due);
    observer_add(o, &calls, r);
    return r;
}

static void free_report(struct report *r)
{
    g_ptr_array_unref(r->meters);
    g_ptr_array_unref(r->lanes);
    g_ptr_array_unref(r->events);
    g_ptr_array_unref(r->pictures);
    g_ptr_array_unref(r->due);
    g_free(r->path);
    g_free(r->source);
    g_free(r);
}

char *report_close(struct report *r, const struct scenario_result *result, double end_s)
{
    if (result->outcome == SCENARIO_PASSED && r->meters->len) {
        const struct report_meter *first = g_ptr_array_index(r->meters, 0);
        report_picture_add(r, first->meter, "the end");
    }
    char *section = report_section(r, result, end_s);
    free_report(r);
    return section;
}
