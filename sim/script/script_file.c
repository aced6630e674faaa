/* Files that a script reads. See script_file.h. */
#include "sim/script/script_file.h"
#include "sim/program/allowed.h"
#include <errno.h>

enum { WAIT_US = 2000 };

char *script_file_find(const struct script *s, const char *name)
{
    char *path = allowed_find(s->folder, name);

    return path ? path : g_strdup(name);
}

FILE *script_file_open(void *user, const char *path)
{
    struct script_file *f = user;
    GError *error = NULL;

    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        errno = ENOENT;
        return NULL;
    }
    FILE *file = allowed_open(f->folder, path, f->size_max, &error);
    if (!file) {
        g_free(f->problem);
        f->problem = g_strdup(error->message);
        g_error_free(error);
        errno = EACCES;
    }
    return file;
}

struct aside {
    void (*work)(void *user);
    void *user;
    GMutex mutex;
    GCond ended;
    bool done;
};

static void *run_aside(void *user)
{
    struct aside *a = user;

    a->work(a->user);
    g_mutex_lock(&a->mutex);
    a->done = true;
    g_cond_signal(&a->ended);
    g_mutex_unlock(&a->mutex);
    return NULL;
}

void script_file_work(struct script *s, void (*work)(void *user), void *user)
{
    struct aside a = { .work = work, .user = user };

    if (!sim_has_others(s->sim)) {
        work(user);
        return;
    }
    g_mutex_init(&a.mutex);
    g_cond_init(&a.ended);
    GThread *thread = g_thread_new("file", run_aside, &a);
    g_mutex_lock(&a.mutex);
    while (!a.done) {
        if (g_cond_wait_until(&a.ended, &a.mutex, g_get_monotonic_time() + WAIT_US))
            continue;
        g_mutex_unlock(&a.mutex);
        sim_serve_others(s->sim);
        g_mutex_lock(&a.mutex);
    }
    g_mutex_unlock(&a.mutex);
    g_thread_join(thread);
    g_cond_clear(&a.ended);
    g_mutex_clear(&a.mutex);
}
