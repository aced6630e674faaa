/* A loop within the default one. See aside.h. */
#include "sim/web/aside.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { FDS = 512, TURNS = 2 };

struct aside {
    GMainContext *inner;
    GSource *source; /* of the default loop */
    GPollFD fds[FDS];
    int count;
    bool ready;      /* a source of the inner loop needs no descriptor */
    gint64 until_us; /* when the next time limit of the inner loop ends; -1: none */
    bool serving;
    unsigned turn, round;
    gsize left;  /* of this turn's bytes */
    bool denied; /* somebody has had no piece yet in this round */
};

struct aside_source {
    GSource source;
    struct aside *aside;
};

/* The default loop waits for what the inner one waits for. It is woken by every change,
 * so what stays the same is left alone. */
static void wait_for(struct aside *a, const GPollFD *fds, int count)
{
    bool same = count == a->count;

    for (int k = 0; same && k < count; k++)
        same = fds[k].fd == a->fds[k].fd && fds[k].events == a->fds[k].events;
    if (same)
        return;
    for (int k = 0; k < a->count; k++)
        g_source_remove_poll(a->source, &a->fds[k]);
    memcpy(a->fds, fds, (size_t)count * sizeof *fds);
    a->count = count;
    for (int k = 0; k < count; k++)
        g_source_add_poll(a->source, &a->fds[k]);
}

static gboolean prepare(GSource *source, gint *timeout_ms)
{
    struct aside *a = ((struct aside_source *)source)->aside;
    GPollFD fds[FDS];
    gint priority;

    if (!g_main_context_acquire(a->inner))
        return FALSE;
    a->ready = g_main_context_prepare(a->inner, &priority);
    const int count = g_main_context_query(a->inner, priority, timeout_ms, fds, FDS);
    g_main_context_release(a->inner);
    a->until_us =
        *timeout_ms < 0 ? -1 : g_get_monotonic_time() + *timeout_ms * INT64_C(1000);
    wait_for(a, fds, MIN(count, FDS));
    return FALSE;
}

/* The default loop has asked for all descriptors. g_main_context_pending would ask once
 * more: a system call in each turn of the default loop. */
static gboolean check(GSource *source)
{
    const struct aside *a = ((struct aside_source *)source)->aside;

    for (int k = 0; k < a->count; k++)
        if (a->fds[k].revents)
            return TRUE;
    return a->ready || (a->until_us >= 0 && g_get_monotonic_time() >= a->until_us);
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    (void)callback;
    (void)user;
    aside_serve(((struct aside_source *)source)->aside);
    return G_SOURCE_CONTINUE;
}

struct aside *aside_new(void)
{
    static GSourceFuncs functions = { prepare, check, dispatch, NULL, NULL, NULL };
    struct aside *a = g_new0(struct aside, 1);

    a->inner = g_main_context_new();
    a->until_us = -1;
    a->source = g_source_new(&functions, sizeof(struct aside_source));
    ((struct aside_source *)a->source)->aside = a;
    g_source_attach(a->source, NULL);
    return a;
}

void aside_free(struct aside *a)
{
    if (!a)
        return;
    while (g_main_context_pending(a->inner))
        aside_serve(a); /* what was cancelled ends */
    g_source_destroy(a->source);
    g_source_unref(a->source);
    g_main_context_unref(a->inner);
    g_free(a);
}

void aside_enter(struct aside *a)
{
    g_main_context_push_thread_default(a->inner);
}

void aside_leave(struct aside *a)
{
    g_main_context_pop_thread_default(a->inner);
}

static void begin_turn(struct aside *a)
{
    a->turn++;
    a->left = ASIDE_TURN;
    a->round += !a->denied;
    a->denied = false;
}

gsize aside_budget(struct aside *a, struct aside_client *c)
{
    if (c->round == a->round)
        return c->turn == a->turn ? MIN(ASIDE_PIECE - c->used, a->left) : 0;
    a->denied = a->denied || !a->left;
    return MIN(ASIDE_PIECE, a->left);
}

void aside_spend(struct aside *a, struct aside_client *c, gsize size)
{
    const gsize counted = MIN(MAX(size, ASIDE_LEAST), a->left);

    if (c->round != a->round)
        *c = (struct aside_client){ a->turn, a->round, 0 };
    c->used = MIN(c->used + counted, ASIDE_PIECE);
    a->left -= counted;
}

void aside_serve(struct aside *a)
{
    if (!a || a->serving)
        return;
    a->serving = true;
    begin_turn(a);
    aside_enter(a);
    for (int turn = 0; turn < TURNS && g_main_context_iteration(a->inner, FALSE);
         turn++)
        ;
    aside_leave(a);
    a->serving = false;
}
