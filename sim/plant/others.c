/* The thread that serves the others. See others.h. It sleeps while nothing computes, and
 * after that leaves a computation alone for its first millisecond: most are shorter. */
#include "sim/plant/others.h"
#include <glib.h>

enum { SERVE_EVERY_US = 1000 };

struct others {
    bool (*serve)(void *user);
    void *user;
    GThread *thread; /* NULL before the first computation: libc is faster with one */
    int stopped;     /* atomic */
    GMutex mutex;
    GCond changed;
    bool computes; /* from others_begin to others_end */
    bool busy;     /* somebody has the plant */
    bool wanted;   /* by the thread: the program does not take it again before */
    bool sleeps, quits;
    gint64 served_us, woken_us;
    /* Of the program's thread alone. */
    GThread *owner;
    bool begun, held;
    int depth;
};

static bool is_owner(const struct others *o)
{
    return o && g_thread_self() == o->owner;
}

static gint64 due_us(const struct others *o)
{
    return MAX(o->served_us, o->woken_us) + SERVE_EVERY_US;
}

/* The mutex is held. */
static void sleep_until_needed(struct others *o)
{
    o->sleeps = !o->computes;
    if (o->sleeps)
        g_cond_wait(&o->changed, &o->mutex);
    else
        g_cond_wait_until(&o->changed, &o->mutex, due_us(o));
    o->sleeps = false;
}

/* False: the computation is over. */
static bool take_from_program(struct others *o)
{
    o->wanted = true;
    while (o->busy && o->computes)
        g_cond_wait(&o->changed, &o->mutex);
    o->wanted = false;
    o->busy |= o->computes;
    g_cond_broadcast(&o->changed);
    return o->computes;
}

static void serve(struct others *o)
{
    if (!o->serve(o->user))
        g_atomic_int_set(&o->stopped, 1);
}

static void *run(void *user)
{
    struct others *o = user;

    g_mutex_lock(&o->mutex);
    while (!o->quits) {
        if (!o->computes || g_get_monotonic_time() < due_us(o)) {
            sleep_until_needed(o);
            continue;
        }
        if (!take_from_program(o))
            continue;
        g_mutex_unlock(&o->mutex);
        serve(o);
        g_mutex_lock(&o->mutex);
        o->served_us = g_get_monotonic_time();
        o->busy = false;
        g_cond_broadcast(&o->changed);
    }
    g_mutex_unlock(&o->mutex);
    return NULL;
}

struct others *others_new(bool (*call)(void *user), void *user)
{
    struct others *o = g_new0(struct others, 1);

    o->serve = call;
    o->user = user;
    o->owner = g_thread_self();
    o->busy = true;
    g_mutex_init(&o->mutex);
    g_cond_init(&o->changed);
    return o;
}

void others_free(struct others *o)
{
    if (!o)
        return;
    g_mutex_lock(&o->mutex);
    o->quits = true;
    g_cond_broadcast(&o->changed);
    g_mutex_unlock(&o->mutex);
    if (o->thread)
        g_thread_join(o->thread);
    g_mutex_clear(&o->mutex);
    g_cond_clear(&o->changed);
    g_free(o);
}

/* The thread writes served_us while it has the plant alone: here it may be read. */
void others_serve(struct others *o)
{
    if (!is_owner(o) || g_get_monotonic_time() - o->served_us < SERVE_EVERY_US)
        return;
    serve(o);
    others_were_served(o);
}

void others_were_served(struct others *o)
{
    if (!is_owner(o))
        return;
    g_mutex_lock(&o->mutex);
    o->served_us = g_get_monotonic_time();
    g_mutex_unlock(&o->mutex);
}

bool others_stopped(struct others *o)
{
    return o && g_atomic_int_get(&o->stopped);
}

static void give(struct others *o)
{
    g_mutex_lock(&o->mutex);
    o->busy = false;
    if (o->wanted)
        g_cond_broadcast(&o->changed);
    g_mutex_unlock(&o->mutex);
    o->held = false;
}

/* Who is served now, or is about to be, goes first. */
static void take(struct others *o)
{
    g_mutex_lock(&o->mutex);
    while (o->busy || o->wanted)
        g_cond_wait(&o->changed, &o->mutex);
    o->busy = true;
    g_mutex_unlock(&o->mutex);
    o->held = true;
}

bool others_begin(struct others *o)
{
    if (!is_owner(o) || o->begun || o->depth)
        return false;
    if (!o->thread)
        o->thread = g_thread_new("others", run, o);
    g_mutex_lock(&o->mutex);
    o->computes = true;
    o->busy = false;
    if (o->sleeps) {
        o->woken_us = g_get_monotonic_time();
        g_cond_broadcast(&o->changed);
    }
    g_mutex_unlock(&o->mutex);
    o->begun = true;
    o->held = false;
    return true;
}

void others_end(struct others *o)
{
    if (!is_owner(o))
        return;
    others_hold(o);
    o->depth = 0;
    o->begun = false;
    g_mutex_lock(&o->mutex);
    o->computes = false;
    if (o->wanted)
        g_cond_broadcast(&o->changed);
    g_mutex_unlock(&o->mutex);
}

void others_hold(struct others *o)
{
    if (is_owner(o) && o->begun && !o->held)
        take(o);
}

void others_release(struct others *o)
{
    if (is_owner(o) && o->begun && o->held && !o->depth)
        give(o);
}

void others_enter(struct others *o)
{
    if (!is_owner(o))
        return;
    others_hold(o);
    o->depth++;
}

void others_leave(struct others *o)
{
    others_return_to(o, is_owner(o) ? o->depth - 1 : 0);
}

bool others_is_program(const struct others *o)
{
    return !o || is_owner(o);
}

int others_depth(const struct others *o)
{
    return is_owner(o) ? o->depth : 0;
}

void others_return_to(struct others *o, int depth)
{
    if (!is_owner(o))
        return;
    o->depth = MAX(depth, 0);
    others_release(o);
}

void others_without(struct others *o, void (*work)(void *user), void *user)
{
    const int depth = others_depth(o);
    const bool begun = is_owner(o) && !o->begun && !depth && others_begin(o);

    others_return_to(o, 0);
    work(user);
    if (begun)
        others_end(o);
    if (!is_owner(o))
        return;
    others_hold(o);
    o->depth = depth;
}
