/* The pool of worker processes. See run.h. A worker sends its result through a pipe, as
 * a GVariant; a pipe that ends without one tells of a crash. The worker watches the
 * time limit itself; it is killed when it is stuck inside one call for GRACE_S longer.
 */
#include "sim/run.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_S     1.0
#define RESULT_TYPE "(issxddsms)"

struct worker {
    struct run_item *item;
    pid_t pid; /* 0: idle */
    int fd;
    GByteArray *bytes;
    gint64 kill_us; /* 0: never */
    bool killed;
};

static void write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        bytes += n;
        size -= (size_t)n;
    }
}

static void send_result(int fd, const struct scenario_result *r)
{
    GVariant *v = g_variant_ref_sink(g_variant_new(
        RESULT_TYPE, (gint32)r->outcome, r->message, r->log, (gint64)r->checks,
        r->simulated_s, r->wall_s, r->tape_hash, r->notice));

    write_all(fd, g_variant_get_data(v), g_variant_get_size(v));
    g_variant_unref(v);
}

static void take_message(struct scenario_result *r, char *message)
{
    *r = (struct scenario_result){ .outcome = SCRIPT_MISUSED,
                                   .message = message,
                                   .log = g_strdup("") };
}

/* The bytes came from our own fork, but it may have died inside them. */
static bool receive_result(struct worker *w)
{
    struct scenario_result *r = &w->item->result;
    GBytes *bytes = g_bytes_new(w->bytes->data, w->bytes->len);
    GVariant *v = g_variant_ref_sink(
        g_variant_new_from_bytes(G_VARIANT_TYPE(RESULT_TYPE), bytes, FALSE));
    bool whole = w->bytes->len && g_variant_is_normal_form(v);
    gint32 outcome;
    gint64 checks;
    char *hash;

    if (whole) {
        g_variant_get(v, RESULT_TYPE, &outcome, &r->message, &r->log, &checks,
                      &r->simulated_s, &r->wall_s, &hash, &r->notice);
        r->outcome = (enum script_outcome)outcome;
        r->checks = checks;
        g_strlcpy(r->tape_hash, hash, sizeof r->tape_hash);
        g_free(hash);
    }
    g_variant_unref(v);
    g_bytes_unref(bytes);
    return whole;
}

static void work(const struct run_item *item, int fd)
{
    struct scenario_result r;

    scenario_run(&item->options, &r);
    send_result(fd, &r);
    _exit(0);
}

static void start(struct worker *w, struct run_item *item)
{
    int ends[2];
    double limit_s = item->options.time_limit_s;

    w->item = item;
    fflush(NULL);
    if (pipe(ends)) {
        take_message(&item->result, g_strdup_printf("no pipe: %s", g_strerror(errno)));
        item->done = true;
        return;
    }
    w->pid = fork();
    if (w->pid == 0) {
        close(ends[0]);
        work(item, ends[1]);
    }
    close(ends[1]);
    if (w->pid < 0) {
        close(ends[0]);
        w->pid = 0;
        take_message(&item->result,
                     g_strdup_printf("no process: %s", g_strerror(errno)));
        item->done = true;
        return;
    }
    w->fd = ends[0];
    w->bytes = g_byte_array_new();
    w->killed = false;
    w->kill_us =
        limit_s > 0 ? g_get_monotonic_time() + (gint64)((limit_s + GRACE_S) * 1e6) : 0;
}

static void finish(struct worker *w)
{
    int status = 0;

    close(w->fd);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!receive_result(w)) {
        char *why = w->killed
                        ? g_strdup_printf("killed: stuck in one call beyond the time "
                                          "limit of %g s",
                                          w->item->options.time_limit_s)
                        : g_strdup_printf("the scenario's process ended by signal %d",
                                          WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        take_message(&w->item->result, why);
    }
    g_byte_array_unref(w->bytes);
    w->item->done = true;
    w->pid = 0;
}

static void receive(struct worker *w)
{
    uint8_t bytes[4096];
    ssize_t n = read(w->fd, bytes, sizeof bytes);

    if (n > 0)
        g_byte_array_append(w->bytes, bytes, (guint)n);
    else if (n == 0 || errno != EINTR)
        finish(w);
}

static void kill_late(struct worker *w)
{
    if (w->pid && w->kill_us && !w->killed && g_get_monotonic_time() > w->kill_us) {
        kill(w->pid, SIGKILL);
        w->killed = true;
    }
}

/* Waits until something comes from a worker, at most 0.1 s. */
static void look_at_workers(struct worker *workers, int count)
{
    struct pollfd *fds = g_new0(struct pollfd, (gsize)count);

    for (int k = 0; k < count; k++)
        fds[k] = (struct pollfd){ workers[k].pid ? workers[k].fd : -1, POLLIN, 0 };
    if (poll(fds, (nfds_t)count, 100) > 0)
        for (int k = 0; k < count; k++)
            if (fds[k].revents)
                receive(&workers[k]);
    for (int k = 0; k < count; k++)
        kill_late(&workers[k]);
    g_free(fds);
}

void run_pool(GPtrArray *items, int jobs, void (*report)(void *user, guint index),
              void *user)
{
    struct worker *workers = g_new0(struct worker, (gsize)jobs);
    guint started = 0, reported = 0;

    while (reported < items->len) {
        for (int k = 0; k < jobs && started < items->len; k++)
            if (!workers[k].pid)
                start(&workers[k], g_ptr_array_index(items, started++));
        look_at_workers(workers, jobs);
        while (reported < items->len &&
               ((struct run_item *)g_ptr_array_index(items, reported))->done)
            report(user, reported++);
    }
    g_free(workers);
}
