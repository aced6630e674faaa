/* Simulated time and its events. See sim.h. Between events units know nothing of one
 * another, so their order, and the thread that each is advanced on, change nothing. */
#include "sim/plant/sim.h"
#include "sim/plant/others.h"
#include "sim/plant/workers.h"
#include <glib.h>

/* Less unit time than this is not worth waking other threads for: about 0.3 ms of work.
 */
#define SHARED_NS INT64_C(4000000000)

/* The states of so many find room in a core's cache. */
enum { CACHED_UNITS = 100 };

struct event {
    int64_t at_ns;
    uint64_t id;
    sim_event call;
    void *user;
};

struct sim {
    int64_t now_ns;
    GPtrArray *units, *lines, *bridges;
    void (*free_line)(struct line *l);
    void (*free_bridge)(struct bridge *b);
    GSequence *events; /* by time, then by id */
    uint64_t last_id;
    gboolean stopped;
    bool expects_line;       /* sim_expect_line */
    bool expects_bridge;     /* sim_expect_bridge */
    bool guards;             /* sim_guard_units */
    struct workers *workers; /* NULL: none besides the caller */
    int64_t slack_ns;        /* how far a unit may be behind; 0: not at all */
    int64_t due_ns;          /* unit time that the sweep owes, below slack_ns */
    guint swept;             /* the unit whose turn is next */
    struct nvm_file *nvm;    /* NULL: units keep nothing */
    struct others *others;   /* NULL: nobody is to be served meanwhile */
    const struct device_maker *maker;
};

static void free_unit(void *unit)
{
    unit_free(unit);
}

struct sim *sim_new(void)
{
    struct sim *s = g_new0(struct sim, 1);

    s->units = g_ptr_array_new_with_free_func(free_unit);
    s->lines = g_ptr_array_new();
    s->bridges = g_ptr_array_new();
    s->events = g_sequence_new(g_free);
    return s;
}

void sim_free(struct sim *s)
{
    if (!s)
        return;
    others_free(s->others);
    for (guint k = 0; k < s->bridges->len; k++)
        s->free_bridge(g_ptr_array_index(s->bridges, k));
    g_ptr_array_unref(s->bridges);
    for (guint k = 0; k < s->lines->len; k++)
        s->free_line(g_ptr_array_index(s->lines, k));
    g_ptr_array_unref(s->lines);
    g_ptr_array_unref(s->units);
    g_sequence_free(s->events);
    workers_free(s->workers);
    g_free(s);
}

int64_t sim_now(const struct sim *s)
{
    return s->now_ns;
}

void sim_add_unit(struct sim *s, struct unit *u)
{
    g_ptr_array_add(s->units, u);
    if (s->guards)
        unit_guard(u);
}

void sim_set_maker(struct sim *s, const struct device_maker *maker)
{
    s->maker = maker;
}

const struct device_maker *sim_maker(const struct sim *s)
{
    return s->maker;
}

void sim_guard_units(struct sim *s)
{
    s->guards = true;
    for (guint k = 0; k < s->units->len; k++)
        unit_guard(g_ptr_array_index(s->units, k));
}

int sim_unit_count(const struct sim *s)
{
    return (int)s->units->len;
}

struct unit *sim_unit(const struct sim *s, int index)
{
    struct unit *u = g_ptr_array_index(s->units, (guint)index);

    unit_advance(u, s->now_ns);
    return u;
}

void sim_set_workers(struct sim *s, int count)
{
    workers_free(s->workers);
    s->workers = count > 1 ? workers_new(count) : NULL;
}

void sim_set_slack(struct sim *s, int64_t slack_ns)
{
    s->slack_ns = slack_ns;
}

void sim_add_line(struct sim *s, struct line *l, void (*free_line)(struct line *l))
{
    g_ptr_array_add(s->lines, l);
    s->free_line = free_line;
}

void sim_expect_line(struct sim *s, bool expected)
{
    s->expects_line = expected;
}

bool sim_expects_line(const struct sim *s)
{
    return s->expects_line;
}

void sim_expect_bridge(struct sim *s, bool expected)
{
    s->expects_bridge = expected;
}

bool sim_expects_bridge(const struct sim *s)
{
    return s->expects_bridge;
}

struct line *sim_line(const struct sim *s, int index)
{
    return index < (int)s->lines->len ? g_ptr_array_index(s->lines, (guint)index)
                                      : NULL;
}

void sim_set_nvm(struct sim *s, struct nvm_file *file)
{
    s->nvm = file;
}

void sim_add_bridge(struct sim *s, struct bridge *b,
                    void (*free_bridge)(struct bridge *b))
{
    g_ptr_array_add(s->bridges, b);
    s->free_bridge = free_bridge;
}

struct bridge *sim_bridge(const struct sim *s, int index)
{
    return index < (int)s->bridges->len ? g_ptr_array_index(s->bridges, (guint)index)
                                        : NULL;
}

bool sim_next_nvm(struct sim *s, uint32_t serial, const struct board_nvm **nvm,
                  GError **error)
{
    *nvm = s->nvm ? nvm_file_next(s->nvm, serial, error) : NULL;
    return *nvm || !s->nvm;
}

void sim_set_others(struct sim *s, bool (*serve)(void *user), void *user)
{
    s->others = others_new(serve, user);
}

struct others *sim_others(const struct sim *s)
{
    return s->others;
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

/* Units first, first + 1, … (after the last comes the first again) to to_ns. */
struct part {
    const struct sim *sim;
    guint first;
    int64_t to_ns;
};

static void move_event(void *event, void *by_ns)
{
    ((struct event *)event)->at_ns += *(const int64_t *)by_ns;
}

/* All by the same, so their order stays. */
void sim_move_to(struct sim *s, int64_t now_ns)
{
    int64_t by_ns = now_ns - s->now_ns;

    g_sequence_foreach(s->events, move_event, &by_ns);
    s->now_ns = now_ns;
}

static void advance_one(void *user, int n)
{
    const struct part *part = user;
    const GPtrArray *units = part->sim->units;

    const guint at = (part->first + (guint)n) % units->len;
    const bool crowded = units->len > CACHED_UNITS;
    const struct unit *next = g_ptr_array_index(units, (at + 1) % units->len);
    unit_advance_with(g_ptr_array_index(units, at), part->to_ns, crowded ? next : NULL);
}

/* A request that comes between two units finds its own here or ahead by this step. Not so
 * where it goes over a line, byte by byte: events in between would come too late. */
static void advance_in_turn(const struct sim *s, struct part *part, guint count)
{
    for (guint n = 0; n < count; n++) {
        advance_one(part, (int)n);
        if (!s->bridges->len)
            others_serve(s->others);
    }
}

static void advance_part(const struct sim *s, guint first, guint count, int64_t step_ns,
                         int64_t to_ns)
{
    struct part part = { s, first, to_ns };

    if (s->workers && count > 1 && step_ns > SHARED_NS / count)
        workers_run(s->workers, (int)count, advance_one, &part);
    else
        advance_in_turn(s, &part, count);
}

static void advance_units(struct sim *s, int64_t to_ns)
{
    advance_part(s, 0, s->units->len, to_ns - s->now_ns + s->slack_ns, to_ns);
    s->now_ns = to_ns;
}

void sim_settle(struct sim *s)
{
    if (s->slack_ns)
        advance_units(s, s->now_ns);
}

/* Time goes on to to_ns and, in turn, as many units as keep all within the slack: each
 * goes a long step while it is in the cache, and no call takes long. */
static void sweep_units(struct sim *s, int64_t to_ns)
{
    int64_t step_ns = to_ns - s->now_ns;

    if (step_ns >= s->slack_ns) {
        advance_units(s, to_ns);
        return;
    }
    s->due_ns += step_ns * s->units->len;
    guint count = (guint)(s->due_ns / s->slack_ns);
    s->due_ns %= s->slack_ns;
    advance_part(s, s->swept, count, s->slack_ns, to_ns);
    s->swept = (s->swept + count) % MAX(s->units->len, 1);
    s->now_ns = to_ns;
}

static int64_t next_event_ns(const struct sim *s)
{
    GSequenceIter *first = g_sequence_get_begin_iter(s->events);

    return g_sequence_iter_is_end(first)
               ? INT64_MAX
               : ((const struct event *)g_sequence_get(first))->at_ns;
}

/* Runs one event that is due at or before to_ns; FALSE when there is none. */
static gboolean run_next_event(struct sim *s, int64_t to_ns)
{
    int64_t at_ns = next_event_ns(s);

    if (at_ns > to_ns || at_ns == INT64_MAX)
        return FALSE;
    if (at_ns > s->now_ns)
        advance_units(s, at_ns); /* what is served meanwhile may change the events */
    if (next_event_ns(s) > s->now_ns)
        return TRUE;
    GSequenceIter *first = g_sequence_get_begin_iter(s->events);
    struct event e = *(struct event *)g_sequence_get(first);
    g_sequence_remove(first);
    e.call(e.user);
    return TRUE;
}

void sim_run(struct sim *s, int64_t to_ns)
{
    s->stopped = FALSE;
    while (!s->stopped && !others_stopped(s->others) && run_next_event(s, to_ns))
        others_serve(s->others);
    if (!s->stopped && !others_stopped(s->others) && to_ns > s->now_ns)
        sweep_units(s, to_ns);
}

void sim_stop(struct sim *s)
{
    s->stopped = TRUE;
}
