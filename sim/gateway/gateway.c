/* The gateway's source in the GLib loop: one epoll set, one ready time for all limits.
 *
 * GLib polls every descriptor it knows at every turn; it knows one here, whatever the
 * number of connections. The ready time is lazy: it only moves to an earlier moment,
 * and is set again when it has come. A deadline that was met costs nothing. */
#include "sim/gateway/gateway_internal.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    EXPIRIES_PER_DISPATCH = 256,
    DRAIN_US = 1000000, /* for a client to see the end and close */
    PAUSE_US = 100000   /* between attempts to accept without descriptors */
};

struct gateway_source {
    GSource base;
    struct gateway *gateway;
};

static void arm(struct gateway *g, int64_t at_us)
{
    g->armed_us = at_us;
    g_source_set_ready_time(g->source, at_us);
}

void gateway_wait_stop(struct gateway_deadline *d)
{
    if (d->queue == NULL)
        return;
    g_queue_unlink(&d->queue->members, &d->link);
    d->queue = NULL;
}

void gateway_wait_start(struct gateway *g, struct gateway_deadline *d,
                        enum gateway_wait wait)
{
    gateway_wait_stop(d);
    d->queue = &g->queues[wait];
    d->since_us = g->now_us;
    g_queue_push_tail_link(&d->queue->members, &d->link);
    if (d->queue->limit_us == 0)
        return;
    int64_t deadline_us = g->now_us + d->queue->limit_us;
    if (g->armed_us < 0 || deadline_us < g->armed_us)
        arm(g, deadline_us);
}

/* The deadline of the first in the queue, -1: none. `link` is the first member of
 * struct gateway_deadline. */
static int64_t queue_deadline(const struct gateway_queue *queue)
{
    if (queue->limit_us == 0 || queue->members.head == NULL)
        return -1;
    const struct gateway_deadline *first = (const void *)queue->members.head;
    return first->since_us + queue->limit_us;
}

static void expire(struct gateway *g, enum gateway_wait wait, void *owner)
{
    if (wait == GATEWAY_PAUSE) {
        gateway_listener_resume(g, owner);
        return;
    }
    if (wait != GATEWAY_DRAIN)
        g->counters.timed_out++;
    if (wait == GATEWAY_WRITE)
        gateway_connection_abort(g, owner);
    else
        gateway_connection_close(g, owner);
}

static void expire_queue(struct gateway *g, enum gateway_wait wait)
{
    const struct gateway_queue *queue = &g->queues[wait];

    for (int i = 0; i < EXPIRIES_PER_DISPATCH; i++) {
        int64_t deadline_us = queue_deadline(queue);
        if (deadline_us < 0 || deadline_us > g->now_us)
            return;
        expire(g, wait, queue->members.head->data);
    }
}

static void expire_all(struct gateway *g)
{
    int64_t next_us = -1;

    if (g->armed_us < 0 || g->now_us < g->armed_us)
        return;
    for (int wait = 0; wait < GATEWAY_WAITS; wait++) {
        expire_queue(g, (enum gateway_wait)wait);
        int64_t deadline_us = queue_deadline(&g->queues[wait]);
        if (deadline_us >= 0 && (next_us < 0 || deadline_us < next_us))
            next_us = deadline_us;
    }
    arm(g, next_us);
}

bool gateway_evict(struct gateway *g)
{
    GList *oldest = g->queues[GATEWAY_IDLE].members.head;

    if (oldest == NULL)
        return false;
    g->counters.evicted++;
    gateway_connection_close(g, oldest->data);
    return true;
}

bool gateway_watch_set(struct gateway *g, struct gateway_watch *watch, int op,
                       uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = watch };

    return epoll_ctl(g->epoll_fd, op, watch->fd, &event) == 0;
}

static void watch_event(struct gateway *g, struct gateway_watch *watch, uint32_t events)
{
    if (watch->fd < 0)
        return;
    if (watch->listens)
        gateway_listener_event(g, (struct gateway_listener *)watch);
    else
        gateway_connection_event(g, (struct gateway_connection *)watch, events);
}

static void free_closed(struct gateway *g)
{
    GList *link;

    while ((link = g_queue_pop_head_link(&g->closed)) != NULL)
        g_free(link->data);
}

/* Serves until nothing is ready or the turn's work is done. Asking epoll again here is
 * one system call; another turn of the loop would be two and GLib's own work. */
static void serve_turn(struct gateway *g)
{
    g->work = 0;
    while (g->work < g->limits.turn_requests) {
        if (g->event_next == g->event_count) {
            free_closed(g); /* no event in hand can mean them any more */
            g->event_next = g->event_count = 0;
            int count = epoll_wait(g->epoll_fd, g->events, GATEWAY_EVENTS, 0);
            if (count <= 0)
                return;
            g->event_count = count;
        }
        const struct epoll_event *event = &g->events[g->event_next++];
        g->work++;
        watch_event(g, event->data.ptr, event->events);
    }
}

/* Events go before expiries: when the loop was away for long, what a client has sent in
 * time counts. Events still in hand when the turn ends go first in the next one: epoll
 * would start with the busiest again. */
static gboolean source_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    struct gateway *g = ((struct gateway_source *)source)->gateway;

    (void)callback;
    (void)user;
    g->now_us = g_get_monotonic_time();
    serve_turn(g);
    expire_all(g);
    if (g->event_next == g->event_count)
        free_closed(g);
    else
        arm(g, 0);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = { .dispatch = source_dispatch };

static void source_attach(struct gateway *g, GMainContext *context)
{
    g->source = g_source_new(&source_functions, sizeof(struct gateway_source));
    ((struct gateway_source *)g->source)->gateway = g;
    g_source_set_static_name(g->source, "modbus tcp gateway");
    g_source_add_unix_fd(g->source, g->epoll_fd, G_IO_IN);
    g_source_attach(g->source, context);
}

static void queues_init(struct gateway *g)
{
    for (int wait = 0; wait < GATEWAY_WAITS; wait++)
        g_queue_init(&g->queues[wait].members);
    g->queues[GATEWAY_IDLE].limit_us = g->limits.idle_ms * INT64_C(1000);
    g->queues[GATEWAY_PARTIAL].limit_us = g->limits.frame_ms * INT64_C(1000);
    g->queues[GATEWAY_WRITE].limit_us = g->limits.answer_ms * INT64_C(1000);
    g->queues[GATEWAY_DRAIN].limit_us = DRAIN_US;
    g->queues[GATEWAY_PAUSE].limit_us = PAUSE_US;
}

struct gateway *gateway_new(GMainContext *context, const struct gateway_limits *limits)
{
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

    if (epoll_fd < 0)
        return NULL;
    struct gateway *g = g_new0(struct gateway, 1);
    g->epoll_fd = epoll_fd;
    gateway_default_limits(&g->limits);
    if (limits != NULL)
        g->limits = *limits;
    g->limits.connections = MAX(g->limits.connections, 1);
    g->limits.unread_bytes = MAX(g->limits.unread_bytes, MBAP_FRAME_BYTES);
    g->limits.turn_requests = MAX(g->limits.turn_requests, 1);
    queues_init(g);
    g->listeners = g_ptr_array_new_with_free_func(gateway_listener_free);
    g_queue_init(&g->closed);
    g->armed_us = -1;
    g->answers = g_malloc((gsize)g->limits.unread_bytes);
    source_attach(g, context);
    return g;
}

void gateway_free(struct gateway *g)
{
    GList *link;

    if (g == NULL)
        return;
    g_source_destroy(g->source);
    g_source_unref(g->source);
    while ((link = g->queues[GATEWAY_IDLE].members.head) != NULL)
        gateway_connection_close(g, link->data);
    free_closed(g);
    g_ptr_array_free(g->listeners, TRUE);
    close(g->epoll_fd);
    g_free(g->answers);
    g_free(g);
}

void gateway_set_tap(struct gateway *g, gateway_tap tap, void *user)
{
    g->tap = tap;
    g->tap_user = user;
}

void gateway_counters(const struct gateway *g, struct gateway_counters *counters)
{
    *counters = g->counters;
}

int gateway_raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return (int)sysconf(_SC_OPEN_MAX);
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
        soft = limit.rlim_max;
    return soft > G_MAXINT ? G_MAXINT : (int)soft;
}
