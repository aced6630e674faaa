/* See gateway_linger.h. A turn of the loop costs half as much as a request: GLib's own work,
 * and poll() of an epoll set, which is dearer than of a socket. So where the next request
 * of a client comes at once the gateway waits for it in epoll itself.
 *
 * Others lose a millisecond at most, and nothing while they are busy: the source that
 * lingers has the lowest priority. The end of the millisecond is a timer's descriptor in the
 * epoll set; a limit to each wait would set the processor's timer at each request. */
#include "sim/gateway/gateway_linger.h"
#include "sim/gateway/gateway_wait.h"

#include <sys/timerfd.h>
#include <unistd.h>

enum {
    BRISK_US = 250, /* between the turns that a client causes */
    LINGER_NS = 1000000,
    ENOUGH = 4 /* answers, for which it has been worth it */
};

bool gateway_linger_open(struct gateway *g)
{
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

    g->linger.end = (struct gateway_watch){ .fd = fd };
    if (fd < 0)
        return false;
    if (!gateway_watch_set(g, &g->linger.end, EPOLL_CTL_ADD, EPOLLIN | EPOLLET)) {
        close(fd);
        return false;
    }
    return true;
}

void gateway_linger_close(struct gateway *g)
{
    close(g->linger.end.fd);
}

void gateway_linger_begin(struct gateway *g)
{
    const struct itimerspec end = { .it_value.tv_nsec = LINGER_NS };

    g->linger.answers = g->counters.answers;
    g->linger.waits = timerfd_settime(g->linger.end.fd, 0, &end, NULL) == 0;
}

void gateway_linger_end(struct gateway *g)
{
    g->linger.waits = false;
    if (g->counters.answers - g->linger.answers < ENOUGH)
        g_source_set_ready_time(g->linger.source, -1);
}

/* What is relayed is answered by the loop. */
void gateway_linger_after(struct gateway *g, const struct gateway_counters *before)
{
    const uint64_t answers = g->counters.answers - before->answers;

    if (answers == 0 || g->counters.requests - before->requests != answers)
        return;
    if (answers == 1 && g->now_us - g->linger.since_us < BRISK_US)
        g_source_set_ready_time(g->linger.source, 0);
    g->linger.since_us = g->now_us;
}
