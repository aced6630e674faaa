/* See gateway_linger.h. A turn of the loop costs half as much as a request: GLib's own work,
 * and poll() of an epoll set, which is dearer than of a socket. So where the next request
 * of a client comes at once the gateway waits for it in epoll itself.
 *
 * Others lose a millisecond at most, and nothing while they are busy: the source that
 * lingers has the lowest priority. The end of the millisecond is a timer's descriptor in the
 * epoll set; a limit to each wait would set the processor's timer at each request. */
#include "sim/gateway/gateway_linger.h"
#include "sim/gateway/gateway.h"
#include "sim/gateway/gateway_wait.h"

#include <sys/timerfd.h>
#include <unistd.h>

enum {
    BRISK_US = 250, /* between the turns that a client causes */
    LINGER_NS = 1000000,
    ENOUGH = 4 /* answers, for which it has been worth it */
};

struct linger_source {
    GSource base;
    struct gateway *gateway;
};

static bool start_timer(const struct gateway *g)
{
    const struct itimerspec end = { .it_value.tv_nsec = LINGER_NS };

    return timerfd_settime(g->linger.end.fd, 0, &end, NULL) == 0;
}

static gboolean linger_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    struct gateway *g = ((struct linger_source *)source)->gateway;
    const uint64_t answers = g->counters.answers;

    (void)callback;
    (void)user;
    g->linger.waits = start_timer(g);
    gateway_serve(g);
    g->linger.waits = false;
    if (g->counters.answers - answers < ENOUGH)
        g_source_set_ready_time(source, -1);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs linger_functions = { .dispatch = linger_dispatch };

bool gateway_linger_open(struct gateway *g, GMainContext *context)
{
    g->linger.end =
        (struct gateway_watch){ .fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) };
    if (g->linger.end.fd < 0)
        return false;
    if (!gateway_watch_set(g, &g->linger.end, EPOLL_CTL_ADD, EPOLLIN | EPOLLET)) {
        close(g->linger.end.fd);
        return false;
    }
    g->linger.source = g_source_new(&linger_functions, sizeof(struct linger_source));
    ((struct linger_source *)g->linger.source)->gateway = g;
    g_source_set_static_name(g->linger.source, "modbus tcp gateway, lingering");
    g_source_set_priority(g->linger.source, G_PRIORITY_LOW);
    g_source_attach(g->linger.source, context);
    return true;
}

void gateway_linger_close(struct gateway *g)
{
    g_source_destroy(g->linger.source);
    g_source_unref(g->linger.source);
    close(g->linger.end.fd);
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
