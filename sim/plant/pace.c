/* Pacing. See pace.h. A slice is short, so that requests wait little; a machine that
 * cannot keep up loses time (the lag is dropped beyond LAG_MAX) but never its place.
 * Its priority is that of the sockets: below them, clients that never pause would stop
 * time. */
#include "sim/plant/pace.h"
#include "sim/plant/others.h"
#include <time.h>

enum {
    PERIOD_US = 2000,         /* between slices, when on time */
    SLICE_WALL_US = 4000,     /* a slice ends after this much wall time */
    SLICE_SIM_NS = 100000000, /* piece of simulated time between looks at the clock */
    LAG_MAX_US = 2000000,
    STOP_US = 1000000 /* of no processor time between slices: the process was stopped */
};

struct pace {
    GSource *source;
    struct sim *sim;
    double speed;
    gint64 start_us;  /* wall time at which … */
    int64_t start_ns; /* … simulated time was this */
    gint64 worst_us, ever_us;
    gint64 end_us;   /* of the last slice; 0: none yet */
    clock_t end_cpu; /* processor time then */
    double stopped_s, lost_s;
    bool held;
    int64_t until_ns;          /* held: time runs up to here */
    bool (*wants)(void *user); /* held: and while this is true; NULL: never */
    void *wants_user;
    bool wanted; /* since the last slice: what is due at this instant is to be run */
};

struct pace_source {
    GSource source;
    struct pace *pace;
};

static int64_t target_ns(const struct pace *p, gint64 now_us)
{
    return p->start_ns + (int64_t)((double)(now_us - p->start_us) * 1000.0 * p->speed);
}

static bool wants(const struct pace *p)
{
    return p->wants && p->wants(p->wants_user);
}

/* Held time, until it is where it should be and nobody waits. */
static void run_held(struct pace *p)
{
    gint64 end_us = g_get_monotonic_time() + SLICE_WALL_US;

    while (p->held && g_get_monotonic_time() < end_us) {
        const int64_t now_ns = sim_now(p->sim);
        const bool wanted = wants(p);
        const int64_t to_ns = wanted ? INT64_MAX : p->until_ns;
        if (p->wanted && !wanted) /* who has waited is told at this instant */
            sim_run(p->sim, now_ns);
        p->wanted = wanted;
        if (now_ns >= to_ns)
            break;
        sim_run(p->sim, MIN(to_ns, now_ns + SLICE_SIM_NS));
    }
    const bool rests =
        p->held && sim_now(p->sim) >= p->until_ns && !wants(p) && !p->wanted;
    g_source_set_ready_time(p->source, rests ? -1 : 0);
}

/* An event may hold time. */
static int64_t end_ns(const struct pace *p, int64_t to_ns)
{
    return p->held ? p->until_ns : to_ns;
}

static void run_until(struct pace *p, int64_t to_ns)
{
    gint64 end_us = g_get_monotonic_time() + SLICE_WALL_US;

    while (sim_now(p->sim) < end_ns(p, to_ns) && g_get_monotonic_time() < end_us)
        sim_run(p->sim, MIN(end_ns(p, to_ns), sim_now(p->sim) + SLICE_SIM_NS));
}

/* What anybody who looked before this slice saw. */
static void note_lag(struct pace *p, int64_t to_ns)
{
    gint64 lag_us = (gint64)((double)(to_ns - sim_now(p->sim)) / 1000.0 / p->speed);

    p->worst_us = MAX(p->worst_us, lag_us);
    p->ever_us = MAX(p->ever_us, lag_us);
}

/* Between slices only sockets are served. Wall time that is gone without processor time
 * is that of a process that was stopped (a debugger, a suspended machine): no lag. */
static bool was_stopped(struct pace *p, gint64 now_us)
{
    const gint64 gap_us = p->end_us ? now_us - p->end_us : 0;
    const double cpu_us = (double)(clock() - p->end_cpu) * 1e6 / CLOCKS_PER_SEC;

    if (gap_us < STOP_US || cpu_us > (double)gap_us / 2)
        return false;
    p->stopped_s = (double)gap_us * 1e-6;
    return true;
}

static void drop(struct pace *p, int64_t to_ns)
{
    p->lost_s += (double)(to_ns - sim_now(p->sim)) * 1e-9;
    p->start_us = g_get_monotonic_time();
    p->start_ns = sim_now(p->sim);
}

static void drop_lag(struct pace *p, int64_t to_ns)
{
    if ((double)(to_ns - sim_now(p->sim)) / 1000.0 / p->speed <= LAG_MAX_US)
        return;
    drop(p, to_ns);
}

static void note_end(struct pace *p)
{
    p->end_us = g_get_monotonic_time();
    p->end_cpu = clock();
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    struct pace *p = ((struct pace_source *)source)->pace;
    gint64 now_us = g_get_monotonic_time();

    (void)callback;
    (void)data;
    others_were_served(sim_others(p->sim)); /* sockets have their turn between slices */
    if (p->held) {
        run_held(p);
        return G_SOURCE_CONTINUE;
    }
    if (p->speed == PACE_MAX) {
        run_until(p, INT64_MAX);
        g_source_set_ready_time(source, 0);
        return G_SOURCE_CONTINUE;
    }
    int64_t to_ns = target_ns(p, now_us);
    if (was_stopped(p, now_us)) {
        drop(p, to_ns);
    } else {
        note_lag(p, to_ns);
        run_until(p, to_ns);
        drop_lag(p, to_ns);
    }
    note_end(p);
    g_source_set_ready_time(source, now_us + PERIOD_US);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs functions = { .dispatch = dispatch };

struct pace *pace_new(GMainContext *context, struct sim *sim, double speed)
{
    struct pace *p = g_new0(struct pace, 1);

    p->sim = sim;
    p->speed = speed;
    p->start_us = g_get_monotonic_time();
    p->start_ns = sim_now(sim);
    p->source = g_source_new(&functions, sizeof(struct pace_source));
    ((struct pace_source *)p->source)->pace = p;
    g_source_set_ready_time(p->source, 0);
    g_source_attach(p->source, context);
    return p;
}

void pace_free(struct pace *p)
{
    if (!p)
        return;
    g_source_destroy(p->source);
    g_source_unref(p->source);
    g_free(p);
}

static void start_anew(struct pace *p)
{
    p->start_us = g_get_monotonic_time();
    p->start_ns = sim_now(p->sim);
    p->end_us = 0;
    g_source_set_ready_time(p->source, 0);
}

void pace_hold(struct pace *p)
{
    p->until_ns = sim_now(p->sim);
    p->held = true;
    sim_stop(p->sim);
}

void pace_go(struct pace *p)
{
    p->held = false;
    start_anew(p);
}

bool pace_held(const struct pace *p)
{
    return p->held;
}

void pace_advance(struct pace *p, int64_t to_ns)
{
    p->until_ns = MAX(p->until_ns, to_ns);
    g_source_set_ready_time(p->source, 0);
}

void pace_set_wants(struct pace *p, bool (*wants_time)(void *user), void *user)
{
    p->wants = wants_time;
    p->wants_user = user;
}

void pace_wanted(struct pace *p)
{
    p->wanted = true;
    if (p->held)
        g_source_set_ready_time(p->source, 0);
}

double pace_speed(const struct pace *p)
{
    return p->speed;
}

void pace_set_speed(struct pace *p, double speed)
{
    p->speed = speed;
    start_anew(p);
}

double pace_interval_lag_s(struct pace *p)
{
    double worst = (double)p->worst_us * 1e-6;
    p->worst_us = 0;
    return worst;
}

double pace_stopped_s(struct pace *p)
{
    double stopped = p->stopped_s;
    p->stopped_s = 0;
    return stopped;
}

double pace_lost_s(const struct pace *p)
{
    return p->lost_s;
}

double pace_worst_lag_s(const struct pace *p)
{
    return (double)p->ever_us * 1e-6;
}
