/* Threads that share a loop. See workers.h. A counter gives out one index at a time: the
 * work of a unit is long against that, and a slow unit delays nobody else. */
#include "sim/plant/workers.h"
#include <glib.h>

struct workers {
    GThreadPool *pool; /* NULL: the caller is alone */
    int count;
    int next, count_of_loop; /* next: atomic */
    void (*run)(void *user, int n);
    void *user;
    GMutex lock;
    GCond idle;
    int busy; /* threads of the pool that are in this loop */
};

static void run_part(struct workers *w)
{
    int n;

    while ((n = g_atomic_int_add(&w->next, 1)) < w->count_of_loop)
        w->run(w->user, n);
}

static void join_loop(void *task, void *workers)
{
    struct workers *w = workers;

    (void)task;
    run_part(w);
    g_mutex_lock(&w->lock);
    if (--w->busy == 0)
        g_cond_signal(&w->idle);
    g_mutex_unlock(&w->lock);
}

struct workers *workers_new(int count)
{
    struct workers *w = g_new0(struct workers, 1);

    w->count = CLAMP(count, 1, WORKERS_MAX);
    g_mutex_init(&w->lock);
    g_cond_init(&w->idle);
    if (w->count > 1)
        w->pool = g_thread_pool_new(join_loop, w, w->count - 1, TRUE, NULL);
    if (!w->pool)
        w->count = 1; /* no thread to be had: slower, but the same */
    return w;
}

void workers_free(struct workers *w)
{
    if (!w)
        return;
    if (w->pool)
        g_thread_pool_free(w->pool, FALSE, TRUE);
    g_mutex_clear(&w->lock);
    g_cond_clear(&w->idle);
    g_free(w);
}

int workers_of_machine(void)
{
    return CLAMP((int)g_get_num_processors(), 1, WORKERS_MAX);
}

void workers_run(struct workers *w, int count, void (*run)(void *user, int n),
                 void *user)
{
    int helpers = MIN(w->count, count) - 1;

    w->run = run;
    w->user = user;
    w->count_of_loop = count;
    g_atomic_int_set(&w->next, 0);
    w->busy = MAX(helpers, 0);
    for (int k = 0; k < helpers; k++)
        g_thread_pool_push(w->pool, w, NULL);
    run_part(w);
    g_mutex_lock(&w->lock);
    while (w->busy)
        g_cond_wait(&w->idle, &w->lock);
    g_mutex_unlock(&w->lock);
}
