/* The pool of worker processes. See run.h. A worker sends its result through a pipe
 * (scenario_result.c); one that ends without a result has crashed, or was stuck in one
 * call beyond the time limit, which it watches itself (stuck.h). A worker that is stopped from
 * outside is killed after GRACE_S, whatever else does not end after PATIENCE_S. A worker
 * leads a process group, to which the cases of its scenario
 * belong: none of them outlives it, nor does it outlive the runner. Workers and cases
 * share the jobs. */
#include "sim/run/run_pool.h"
#include "sim/program/jobs.h"
#include "sim/program/stuck.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_S    1.0
#define PATIENCE_S 90.0 /* longer than the guard of each process */

struct worker {
    struct run_item *item;
    pid_t pid; /* 0: idle */
    int fd;
    GByteArray *bytes;
    gint64 deadline_us; /* 0: none */
    bool killed;
};

static void work(const struct run_item *item, int fd, pid_t runner)
{
    struct scenario_result r;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != runner)
        _exit(1);
    scenario_run(&item->options, &r);
    scenario_result_send(fd, &r);
    _exit(0);
}

static void start(struct worker *w, struct run_item *item)
{
    int ends[2];
    double limit_s = item->options.time_limit_s;
    pid_t runner = getpid();

    w->item = item;
    fflush(NULL);
    if (pipe(ends)) {
        scenario_result_wrong(&item->result,
                              g_strdup_printf("no pipe: %s", g_strerror(errno)));
        item->done = true;
        return;
    }
    w->pid = fork();
    if (w->pid == 0) {
        close(ends[0]);
        work(item, ends[1], runner);
    }
    close(ends[1]);
    if (w->pid < 0) {
        close(ends[0]);
        w->pid = 0;
        scenario_result_wrong(&item->result,
                              g_strdup_printf("no process: %s", g_strerror(errno)));
        item->done = true;
        return;
    }
    setpgid(w->pid, w->pid); /* whoever of the two comes first */
    w->fd = ends[0];
    w->bytes = g_byte_array_new();
    w->killed = false;
    w->deadline_us = limit_s > 0 ? g_get_monotonic_time() + (gint64)(limit_s * 1e6) : 0;
}

static void finish(struct worker *w)
{
    int status = 0;

    close(w->fd);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!scenario_result_receive(w->bytes, &w->item->result)) {
        char *why =
            w->killed || stuck_ended(status)
                ? g_strdup_printf(STUCK_TEXT " of %g s", w->item->options.time_limit_s)
                : g_strdup_printf("the scenario's process ended by signal %d",
                                  WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        scenario_result_wrong(&w->item->result, why);
    }
    g_byte_array_unref(w->bytes);
    jobs_reclaim(w->item->options.jobs, w->item->options.holder);
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

static bool is_stopped(pid_t pid)
{
    siginfo_t info = { .si_pid = 0 };

    return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid;
}

static void kill_late(struct worker *w)
{
    const double late_s = (double)(g_get_monotonic_time() - w->deadline_us) * 1e-6;

    if (!w->pid || !w->deadline_us || w->killed || late_s < GRACE_S ||
        (late_s < PATIENCE_S && !is_stopped(w->pid)))
        return;
    kill(-w->pid, SIGKILL);
    w->killed = true;
}

/* Waits until something comes from a worker or, unless `ticket` is -1, there is a
 * ticket for another one; at most 0.1 s. */
static void poll_workers(struct worker *workers, int count, int ticket)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, (gsize)count + 1);

    for (int k = 0; k < count; k++)
        fds[k] = (struct pollfd){ workers[k].pid ? workers[k].fd : -1, POLLIN, 0 };
    fds[count] = (struct pollfd){ ticket, POLLIN, 0 };
    if (poll(fds, (nfds_t)count + 1, 100) > 0)
        for (int k = 0; k < count; k++)
            if (fds[k].revents)
                receive(&workers[k]);
    for (int k = 0; k < count; k++)
        kill_late(&workers[k]);
}

static void start_item(struct worker *w, GPtrArray *items, struct jobs *tickets,
                       guint index)
{
    struct run_item *item = g_ptr_array_index(items, index);

    item->options.jobs = tickets;
    item->options.holder = (int)index;
    start(w, item);
    if (!w->pid)
        jobs_reclaim(tickets, (int)index);
}

void run_pool(GPtrArray *items, int jobs, void (*report)(void *user, guint index),
              void *user)
{
    g_autofree struct worker *workers = g_new0(struct worker, (gsize)jobs);
    struct jobs *tickets = jobs_new(jobs, (int)items->len);
    guint started = 0, reported = 0;

    if (!tickets)
        g_error("no room for %u jobs: %s", items->len, g_strerror(errno));
    while (reported < items->len) {
        for (int k = 0; k < jobs && started < items->len; k++)
            if (!workers[k].pid && jobs_acquire(tickets, (int)started))
                start_item(&workers[k], items, tickets, started++);
        poll_workers(workers, jobs, started < items->len ? jobs_fd(tickets) : -1);
        while (reported < items->len &&
               ((struct run_item *)g_ptr_array_index(items, reported))->done)
            report(user, reported++);
    }
    jobs_free(tickets);
}
