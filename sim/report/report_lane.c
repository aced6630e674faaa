/* Lanes of a report: what is on and off over time (faults, alerts, power, contacts),
 * and moments (changes of the world, expectations). A lane has a bounded number of
 * spans: when there are more, neighbours become one, which on paper they are
 * already. */
#include "sim/report/report_lane.h"
#include "sim/report/report_parts.h"
#include <string.h>

void report_lane_free(void *lane)
{
    struct report_lane *l = lane;

    g_free(l->label);
    g_array_unref(l->spans);
    g_free(l);
}

static struct report_lane *lane_for(struct report *r, const struct observed_event *e,
                                    const char *label)
{
    for (guint k = 0; k < r->lanes->len; k++) {
        struct report_lane *l = g_ptr_array_index(r->lanes, k);
        if (l->kind == e->kind && l->meter == e->meter && !strcmp(l->label, label))
            return l;
    }
    struct report_lane *l = g_new0(struct report_lane, 1);
    l->kind = e->kind;
    l->meter = e->meter;
    l->label = g_strdup(label);
    l->spans = g_array_new(FALSE, FALSE, sizeof(struct report_span));
    g_ptr_array_add(r->lanes, l);
    return l;
}

static struct report_span *span_at(const struct report_lane *l, guint k)
{
    return &g_array_index(l->spans, struct report_span, k);
}

static bool is_near(const struct report_lane *l, const struct report_span *before,
                    int64_t from_ns)
{
    return before->to_ns != INT64_MAX && from_ns - before->to_ns < l->gap_ns;
}

/* Joins spans with the narrowest gaps until a quarter of the room is free. */
static void thin(struct report_lane *l)
{
    int64_t whole = span_at(l, l->spans->len - 1)->from_ns - span_at(l, 0)->from_ns;

    l->gap_ns = MAX(l->gap_ns, whole / (4 * REPORT_SPANS) + 1);
    while (l->spans->len > REPORT_SPANS / 4 * 3) {
        guint kept = 0;
        for (guint k = 1; k < l->spans->len; k++)
            if (is_near(l, span_at(l, kept), span_at(l, k)->from_ns))
                span_at(l, kept)->to_ns = span_at(l, k)->to_ns;
            else
                *span_at(l, ++kept) = *span_at(l, k);
        g_array_set_size(l->spans, kept + 1);
        l->gap_ns *= 2;
    }
}

static void begin(struct report_lane *l, int64_t from_ns, int64_t to_ns)
{
    struct report_span span = { from_ns, to_ns };

    if (l->spans->len >= REPORT_SPANS)
        thin(l);
    if (l->spans->len && is_near(l, span_at(l, l->spans->len - 1), from_ns))
        span_at(l, l->spans->len - 1)->to_ns = to_ns;
    else
        g_array_append_val(l->spans, span);
}

static void set_state(struct report_lane *l, int64_t at_ns, int state)
{
    struct report_span *last = l->spans->len ? span_at(l, l->spans->len - 1) : NULL;
    bool on = last && last->to_ns == INT64_MAX;

    if (state && !on)
        begin(l, at_ns, INT64_MAX);
    else if (!state && on)
        last->to_ns = at_ns;
}

/* Moments that would be drawn in one place are one. */
static void mark(struct report_lane *l, int64_t at_ns)
{
    if (!l->spans->len || span_at(l, l->spans->len - 1)->to_ns != at_ns)
        begin(l, at_ns, at_ns);
}

void report_lane_event(struct report *r, const struct observed_event *e)
{
    struct observed_event all = *e;

    if (e->key) {
        set_state(lane_for(r, e, e->key), e->at_ns, e->state);
        return;
    }
    all.meter = NULL;
    if (e->kind == OBSERVED_WORLD)
        mark(lane_for(r, &all, "grid and load"), e->at_ns);
    else if (e->kind == OBSERVED_PASSED || e->kind == OBSERVED_FAILED)
        mark(lane_for(r, &all,
                      e->kind == OBSERVED_PASSED ? "expectations met" : "failure"),
             e->at_ns);
}
