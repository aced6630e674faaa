/* To be preloaded into a program under ThreadSanitizer: what GLib's locks and thread
 * pools order. Debian's GLib is not instrumented, so the sanitizer sees neither; without
 * this it takes every lock's effect for a race. Signatures: GLib's reference manual. */
#include <dlfcn.h>
#include <glib.h>
#include <setjmp.h>

void __tsan_acquire(void *at);
void __tsan_release(void *at);

/* The function of GLib that is called here instead. */
#define REAL(name)                                                                     \
    static __typeof__(&(name)) real;                                                   \
    if (!real)                                                                         \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

void(g_mutex_lock)(GMutex *m)
{
    REAL(g_mutex_lock);
    real(m);
    __tsan_acquire(m);
}

gboolean(g_mutex_trylock)(GMutex *m)
{
    REAL(g_mutex_trylock);
    gboolean locked = real(m);
    if (locked)
        __tsan_acquire(m);
    return locked;
}

void(g_mutex_unlock)(GMutex *m)
{
    REAL(g_mutex_unlock);
    __tsan_release(m);
    real(m);
}

void(g_cond_wait)(GCond *c, GMutex *m)
{
    REAL(g_cond_wait);
    __tsan_release(m);
    real(c, m);
    __tsan_acquire(m);
}

gboolean(g_cond_wait_until)(GCond *c, GMutex *m, gint64 end_us)
{
    REAL(g_cond_wait_until);
    __tsan_release(m);
    gboolean signalled = real(c, m, end_us);
    __tsan_acquire(m);
    return signalled;
}

/* A pool's function sees what was done before its task was pushed. */
struct pool {
    GFunc run;
    void *user;
};

static void run_task(void *task, void *user)
{
    struct pool *p = user;

    __tsan_acquire(p);
    p->run(task, p->user);
    __tsan_release(&p->user); /* seen by who waits for the pool's end, not by tasks */
}

GThreadPool *(g_thread_pool_new)(GFunc run, void *user, int most, gboolean exclusive,
                                 GError **error)
{
    REAL(g_thread_pool_new);
    struct pool *p = g_new(struct pool, 1); /* lives as long as the program */
    *p = (struct pool){ run, user };
    return real(run_task, p, most, exclusive, error);
}

gboolean(g_thread_pool_push)(GThreadPool *pool, void *task, GError **error)
{
    REAL(g_thread_pool_push);
    __tsan_release(pool->user_data);
    return real(pool, task, error);
}

void(g_thread_pool_free)(GThreadPool *pool, gboolean immediate, gboolean wait)
{
    REAL(g_thread_pool_free);
    struct pool *p = pool->user_data;
    real(pool, immediate, wait);
    __tsan_acquire(&p->user);
}

/* Lua's errors leave by this name of longjmp, which the sanitizer does not know: its list
 * of calls would grow with each error until there is no room for it. */
void __longjmp_chk(jmp_buf to, int value);
void __longjmp_chk(jmp_buf to, int value)
{
    longjmp(to, value);
}
