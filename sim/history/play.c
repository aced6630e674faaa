/* Rows as events of the simulation. See play.h. */
#include "sim/history/play.h"
#include "sim/history/world_apply.h"
#include <math.h>

enum { STEP_NS = 1000000000 };

/* Energy is counted by whole cycles, behind the samples: 50 ms after a row's end it is
 * the row's. */
enum { DONE_MS = 50, OWN_LAG_NS = 333333 };

struct play {
    struct sim *sim;
    struct site_meter *m;
    const struct history *h;
    struct play_options options;
    struct world world;
    struct world_row now, next; /* with ramps: the next row's */
    int row;                    /* the one that holds; -1 before the first */
    int64_t begin_ns;
    uint64_t event, done_event; /* 0: none waits */
    int done;                   /* rows that are reported */
    int refused, first_refused, error;
};

/* Windows of our own records end 83 1/3 ms before they are published, of which the rows
 * have whole ones. */
static int64_t at_ns(const struct play *p, int64_t ms)
{
    const int64_t since_ms = ms - history_begin_ms(p->h);
    const int64_t lag_ns = p->h->own && since_ms > 0 ? OWN_LAG_NS : 0;

    return p->begin_ns + since_ms * 1000000 - lag_ns;
}

static int64_t end_ns(const struct play *p, int row)
{
    return at_ns(p, p->h->row[row].to_ms) + p->h->row[row].to_ns;
}

static void on_time(void *user);

static void apply(struct play *p, const struct world_row *row)
{
    int error = world_apply(row, p->m);

    if (!error)
        return;
    if (p->refused++ == 0) {
        p->first_refused = p->row;
        p->error = error;
    }
}

static void begin_row(struct play *p)
{
    const bool last = p->row + 1 >= p->h->rows;

    if (!p->options.ramp) {
        world_solve(&p->world, p->row, &p->now);
        return;
    }
    if (p->row == 0)
        world_solve(&p->world, 0, &p->next);
    p->now = p->next;
    if (!last)
        world_solve(&p->world, p->row + 1, &p->next);
}

/* The values at the middle of the second that begins now. */
static void apply_ramp(struct play *p, int64_t now_ns)
{
    const struct history_row *row = &p->h->row[p->row];
    const double length = (double)(row->to_ms - row->at_ms) * 1e6;
    const double past = (double)(now_ns - at_ns(p, row->at_ms)) + STEP_NS / 2.0;
    struct world_row mixed;

    world_mix(&p->now, &p->next, fmin(past / length, 1), &mixed);
    apply(p, &mixed);
}

static void plan(struct play *p, int64_t now_ns)
{
    const int64_t row_end_ns = end_ns(p, p->row);
    const int64_t next_ns = p->options.ramp && now_ns + STEP_NS < row_end_ns
                                ? now_ns + STEP_NS
                                : row_end_ns;

    p->event = sim_at(p->sim, next_ns, on_time, p);
}

static void on_time(void *user)
{
    struct play *p = user;
    const int64_t now_ns = sim_now(p->sim);

    p->event = 0;
    if (p->row < 0 || now_ns >= end_ns(p, p->row)) {
        if (p->row + 1 >= p->h->rows)
            return;
        p->row++;
        begin_row(p);
        if (!p->options.ramp)
            apply(p, &p->now);
    }
    if (p->options.ramp)
        apply_ramp(p, now_ns);
    plan(p, now_ns);
}

static void plan_done(struct play *p);

static void on_done(void *user)
{
    struct play *p = user;

    p->done_event = 0;
    p->options.row_done(p->options.user, p->done++);
    plan_done(p);
}

/* A row of our own records is published where it is stamped. */
static int64_t done_ns(const struct play *p, int row)
{
    const struct history *h = p->h;

    return at_ns(p, (h->own ? history_stamp_ms(h, row) : h->row[row].to_ms) + DONE_MS);
}

static void plan_done(struct play *p)
{
    if (p->done < p->h->rows)
        p->done_event = sim_at(p->sim, done_ns(p, p->done), on_done, p);
}

struct play *play_new(struct sim *sim, struct site_meter *m, const struct history *h,
                      const struct demo *d, double pf,
                      const struct play_options *options)
{
    struct play *p = g_new0(struct play, 1);

    p->sim = sim;
    p->m = m;
    p->h = h;
    p->options = *options;
    p->row = -1;
    p->begin_ns = sim_now(sim);
    world_init(&p->world, h, d, pf);
    on_time(p);
    if (options->row_done)
        plan_done(p);
    return p;
}

void play_free(struct play *p)
{
    if (!p)
        return;
    if (p->event)
        sim_cancel(p->sim, p->event);
    if (p->done_event)
        sim_cancel(p->sim, p->done_event);
    world_clear(&p->world);
    g_free(p);
}

int64_t play_end_ns(const struct play *p)
{
    return done_ns(p, p->h->rows - 1);
}

int play_refused(const struct play *p, int *row, int *error)
{
    *row = p->first_refused;
    *error = p->error;
    return p->refused;
}

const struct world_sources *play_sources(const struct play *p)
{
    return &p->world.sources;
}
