/* Simulated time and its events. See sim.h. */
#include "sim/sim.h"
#include <glib.h>

struct event {
    int64_t at_ns;
    uint64_t id;
    sim_event call;
    void *user;
};

struct sim {
    int64_t now_ns;
    GPtrArray *units;
    GSequence *events; /* by time, then by id */
    uint64_t last_id;
    gboolean stopped;
};

static void free_unit(void *unit)
{
    unit_free(unit);
}

struct sim *sim_new(void)
{
    struct sim *s = g_new0(struct sim, 1);

    s->units = g_ptr_array_new_with_free_func(free_unit);
    s->events = g_sequence_new(g_free);
    return s;
}

void sim_free(struct sim *s)
{
    if (!s)
        return;
    g_ptr_array_unref(s->units);
    g_sequence_free(s->events);
    g_free(s);
}

int64_t sim_now(const struct sim *s)
{
    return s->now_ns;
}

void sim_add_unit(struct sim *s, struct unit *u)
{
    g_ptr_array_add(s->units, u);
}

int sim_unit_count(const struct sim *s)
{
    return (int)s->units->len;
}

struct unit *sim_unit(const struct sim *s, int index)
{
    return g_ptr_array_index(s->units, (guint)index);
}

static int compare_events(const void *a, const void *b, void *unused)
{
    const struct event *x = a, *y = b;

    (void)unused;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

uint64_t sim_at(struct sim *s, int64_t at_ns, sim_event call, void *user)
{
    struct event *e = g_new(struct event, 1);

    *e = (struct event){ MAX(at_ns, s->now_ns), ++s->last_id, call, user };
    g_sequence_insert_sorted(s->events, e, compare_events, NULL);
    return e->id;
}

void sim_cancel(struct sim *s, uint64_t id)
{
    GSequenceIter *at = g_sequence_get_begin_iter(s->events);

    for (; !g_sequence_iter_is_end(at); at = g_sequence_iter_next(at)) {
        const struct event *e = g_sequence_get(at);
        if (e->id == id) {
            g_sequence_remove(at);
            return;
        }
    }
}

static void advance_units(struct sim *s, int64_t to_ns)
{
    for (guint k = 0; k < s->units->len; k++)
        unit_advance(g_ptr_array_index(s->units, k), to_ns);
    s->now_ns = to_ns;
}

/* Runs one event that is due at or before to_ns; FALSE when there is none. */
static gboolean run_next_event(struct sim *s, int64_t to_ns)
{
    GSequenceIter *first = g_sequence_get_begin_iter(s->events);

    if (g_sequence_iter_is_end(first))
        return FALSE;
    struct event e = *(struct event *)g_sequence_get(first);
    if (e.at_ns > to_ns)
        return FALSE;
    if (e.at_ns > s->now_ns)
        advance_units(s, e.at_ns);
    g_sequence_remove(first);
    e.call(e.user);
    return TRUE;
}

void sim_run(struct sim *s, int64_t to_ns)
{
    s->stopped = FALSE;
    while (!s->stopped && run_next_event(s, to_ns))
        ;
    if (!s->stopped && to_ns > s->now_ns)
        advance_units(s, to_ns);
}

void sim_stop(struct sim *s)
{
    s->stopped = TRUE;
}
