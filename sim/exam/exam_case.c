/* Situations, run. See exam_case.h. */
#include "sim/exam/exam_case.h"
#include "sim/exam/exam_source.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

enum {
    TICK_MS = 5,
    FIRST_S = 20,   /* a client that is started has so long for its first request … */
    WAITED_S = 120, /* … and one that is waited for so long */
    POLL_S = 30,    /* … and for one poll in lock-step */
    GRACE_MS = 700, /* for what is recorded late */
    JUMP_S = 14,    /* for EXAM_TORN */
    AGE_MAX_S = 15,
    RIPE = 65536 - 64
};

#define NS_S      INT64_C(1000000000)
/* Polls lie between two results of the meters, and situations begin with a result. */
#define OFFSET_NS (NS_S / 2)

static int64_t now_ns(const struct exam_case *c)
{
    return sim_now(c->plant.sim);
}

static gboolean tick(gpointer user)
{
    (void)user;
    return G_SOURCE_CONTINUE;
}

static void turn(void)
{
    g_main_context_iteration(NULL, TRUE);
}

static void set_trouble(struct exam_case *c, const char *what)
{
    if (!c->trouble)
        c->trouble =
            g_strdup_printf("the client %s at %.1f s", what, (double)now_ns(c) * 1e-9);
}

/* --- what comes from the client --- */

/* Of lock-step is known which poll has read it. */
static void mark_records(struct exam_case *c, guint first)
{
    for (guint k = first; c->options->step && k < c->records->len; k++)
        g_array_index(c->records, struct exam_record, k).since_ns = c->poll_ns;
}

static void on_line(void *user, const char *text)
{
    struct exam_case *c = user;
    const guint before = c->records->len;

    if (c->options->step && !strcmp(text, "done"))
        c->answered = true;
    else if (!c->source)
        exam_record_parse(c->profile, text, now_ns(c), c->records);
    mark_records(c, before);
}

/* True: something is still to come. */
static bool read_source(struct exam_case *c, bool now)
{
    const guint before = c->records->len;
    const bool busy = c->source && exam_source_read(c->source, c->profile, now,
                                                    now_ns(c), c->records);

    mark_records(c, before);
    return busy;
}

/* Its low word is about to go from FFFF to 0000. */
static bool is_ripe(const struct exam_case *c, int entry)
{
    const struct exam_range r =
        exam_truth_range(c->plant.truth, 1, entry, now_ns(c), now_ns(c));

    return r.step > 0 && llround(r.max / r.step) % (1 << 16) > RIPE;
}

static bool splits(const struct exam_case *c, int reg, int count)
{
    for (guint k = 0; k < c->profile->entries->len; k++) {
        const struct register_entry *e =
            &g_array_index(c->profile->entries, struct register_entry, k);
        const bool first = e->reg >= reg && e->reg < reg + count;
        const bool second = e->reg + 1 >= reg && e->reg + 1 < reg + count;
        if (e->words == 2 && first != second && is_ripe(c, (int)k))
            return true;
    }
    return false;
}

static void on_frame(void *user, const struct exam_frame *f)
{
    struct exam_case *c = user;
    int reg, count;

    c->asked = true; /* also a connection that is refused */
    if (!(c->row->flags & EXAM_TORN) || c->jumped)
        return;
    if (exam_frame_read(f, &reg, &count) && splits(c, reg, count))
        c->split = f->connection + 1;
    else if (f->kind == EXAM_ANSWER && c->split == f->connection + 1)
        c->torn = true;
}

/* --- time --- */

static void advance(struct exam_case *c, int64_t to_ns)
{
    pace_advance(c->plant.pace, to_ns);
    while (now_ns(c) < to_ns)
        turn();
}

/* The gateway is slow, and the counter goes on between the halves, before anything else
 * is asked. */
static void jump(struct exam_case *c)
{
    const bool held = pace_held(c->plant.pace);

    if (!c->torn || c->jumped)
        return;
    c->jumped = true;
    pace_hold(c->plant.pace);
    sim_run(c->plant.sim, now_ns(c) + JUMP_S * NS_S);
    pace_hold(c->plant.pace);
    if (!held)
        pace_go(c->plant.pace);
}

static int64_t end_ns(const struct exam_case *c)
{
    return c->row->end_s * NS_S + (c->jumped ? JUMP_S * NS_S : 0);
}

/* Unit 1 is recorded again, by a value from after the situation. */
static bool is_back(const struct exam_case *c)
{
    if (!(c->row->flags & EXAM_COMES_BACK))
        return false;
    for (guint k = c->records->len; k-- > 0;) {
        const struct exam_record *r = &g_array_index(c->records, struct exam_record, k);
        if (r->ns < (c->row->to_s + 2) * NS_S)
            return false;
        if (r->unit == 1 && !isnan(r->value))
            return true;
    }
    return false;
}

static bool is_over(const struct exam_case *c)
{
    return now_ns(c) >= end_ns(c) || c->trouble || is_back(c);
}

/* --- lock-step --- */

static void poll_client(struct exam_case *c)
{
    const gint64 limit_us = g_get_monotonic_time() + POLL_S * G_USEC_PER_SEC;

    c->answered = false;
    c->poll_ns = now_ns(c);
    if (c->row->flags & EXAM_TIMED && c->poll_ns >= c->row->from_s * NS_S)
        pace_go(c->plant.pace);
    if (!exam_client_send(c->client, "poll\n"))
        set_trouble(c, "does not read its standard input");
    while (!c->answered && !c->trouble) {
        turn();
        jump(c);
        if (exam_client_ended(c->client) && !c->answered)
            set_trouble(c, "ended");
        else if (g_get_monotonic_time() > limit_us)
            set_trouble(c, "did not answer `done` for half a minute");
    }
    pace_hold(c->plant.pace);
    for (bool busy = read_source(c, true); busy; busy = read_source(c, false))
        turn();
}

static void run_step(struct exam_case *c)
{
    int64_t next = EXAM_START_S * NS_S + OFFSET_NS;

    while (!is_over(c)) {
        advance(c, next);
        poll_client(c);
        next += NS_S;
        while (next < now_ns(c))
            next += NS_S;
    }
}

/* --- by the wall clock --- */

static bool start_client(struct exam_case *c, GError **error)
{
    const struct exam_place place = { .host = c->plant.tcp.host,
                                      .port = c->plant.tcp.first_port,
                                      .units = c->row->flags & EXAM_TWO_UNITS ? "1,2"
                                                                              : "1" };

    if (!c->options->command)
        return true;
    if (c->source)
        exam_source_begin(c->source);
    c->client = exam_client_start(c->options->command, &place, c->options->step,
                                  on_line, c, error);
    return c->client != NULL;
}

/* A client that polls once and ends well is started again, as by cron. */
static void check_client(struct exam_case *c)
{
    GError *wrong = NULL;

    if (!c->client || !exam_client_ended(c->client))
        return;
    if (exam_client_trouble(c->client)) {
        set_trouble(c, exam_client_trouble(c->client));
        return;
    }
    exam_client_end(c->client);
    c->client = NULL;
    if (!start_client(c, &wrong)) {
        set_trouble(c, wrong->message);
        g_error_free(wrong);
    }
}

static void wait_for_client(struct exam_case *c)
{
    const int limit_s = c->client ? FIRST_S : WAITED_S;
    const gint64 limit_us = g_get_monotonic_time() + limit_s * G_USEC_PER_SEC;

    while (!c->asked && !c->trouble && g_get_monotonic_time() < limit_us) {
        turn();
        check_client(c);
    }
}

static void run_wall(struct exam_case *c)
{
    wait_for_client(c);
    if (!c->asked)
        return;
    pace_go(c->plant.pace);
    while (!is_over(c)) {
        turn();
        jump(c);
        check_client(c);
        read_source(c, false);
    }
    pace_hold(c->plant.pace);
    const gint64 end_us = g_get_monotonic_time() + GRACE_MS * 1000;
    while (!c->trouble && g_get_monotonic_time() < end_us)
        turn();
    read_source(c, false);
}

/* --- all of it --- */

static bool run(struct exam_case *c, GError **error)
{
    g_autofree char *pcap =
        c->options->pcaps
            ? g_strdup_printf("%s/%s.pcap", c->options->pcaps, c->row->name)
            : NULL;
    const bool open =
        exam_plant_open(&c->plant, c->row, c->profile->entries, c->options->where,
                        c->options->speed, pcap, error);

    if (!open)
        return false;
    c->plant.wire->seen = on_frame;
    c->plant.wire->user = c;
    advance(c, EXAM_START_S * NS_S + OFFSET_NS);
    if (!start_client(c, error))
        return false;
    if (c->options->step)
        run_step(c);
    else
        run_wall(c);
    c->simulated_s = (double)now_ns(c) * 1e-9;
    return true;
}

bool exam_case_run(struct exam_case *c, GError **error)
{
    const gint64 start_us = g_get_monotonic_time();
    const guint ticks = g_timeout_add(TICK_MS, tick, NULL);

    c->records = g_array_new(FALSE, FALSE, sizeof(struct exam_record));
    c->why = g_string_new(NULL);
    c->shown = g_array_new(FALSE, FALSE, sizeof(guint));
    const bool ran = run(c, error);
    if (c->client)
        exam_client_end(c->client);
    c->client = NULL;
    g_source_remove(ticks);
    if (ran)
        read_source(c, false);
    c->wall_s = (double)(g_get_monotonic_time() - start_us) * 1e-6;
    return ran;
}

void exam_case_clear(struct exam_case *c)
{
    exam_plant_close(&c->plant);
    g_array_unref(c->records);
    g_array_unref(c->shown);
    g_string_free(c->why, TRUE);
    g_free(c->trouble);
}

int64_t exam_case_since(const struct exam_case *c, guint record)
{
    const struct exam_record *r =
        &g_array_index(c->records, struct exam_record, record);
    const double age_s = exam_profile_point(c->profile, r->point)->age_s;
    int64_t since = r->ns - (int64_t)(age_s * 1e9 * MAX(1.0, c->options->speed));

    if (r->since_ns)
        return r->since_ns;
    for (guint k = record; k-- > 0;) { /* no older than the record before it */
        const struct exam_record *before =
            &g_array_index(c->records, struct exam_record, k);
        if (before->unit == r->unit && before->point == r->point && before->ns < r->ns)
            return MAX(MIN(since, before->ns), r->ns - AGE_MAX_S * NS_S);
    }
    return since;
}
