/* The gateway's source in the GLib loop: one epoll set, one ready time for all limits.
 * GLib polls every descriptor that it knows at every turn; here it knows one, whatever
 * the number of connections. */
#include "sim/gateway/gateway.h"
#include "sim/gateway/gateway_connection.h"
#include "sim/gateway/gateway_linger.h"
#include "sim/gateway/gateway_listener.h"
#include "sim/gateway/gateway_state.h"
#include "sim/gateway/gateway_wait.h"

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
        int64_t deadline_us = gateway_wait_deadline_us(queue);
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
        int64_t deadline_us = gateway_wait_deadline_us(&g->queues[wait]);
        if (deadline_us >= 0 && (next_us < 0 || deadline_us < next_us))
            next_us = deadline_us;
    }
    gateway_wait_arm(g, next_us);
}

static void watch_event(struct gateway *g, struct gateway_watch *watch, uint32_t events)
{
    if (watch->fd < 0)
        return;
    if (watch == &g->linger.end)
        g->linger.waits = false;
    else if (watch->listens)
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

/* Of many clients, turns of the loop let more come together. */
static int next_events(struct gateway *g)
{
    const bool waits = g->linger.waits;
    const int count =
        epoll_wait(g->epoll_fd, g->events, GATEWAY_EVENTS, waits ? -1 : 0);

    if (waits)
        g->now_us = g_get_monotonic_time();
    if (count > 1)
        g->linger.waits = false;
    return count;
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
            int count = next_events(g);
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
void gateway_serve(struct gateway *g)
{
    const struct gateway_counters before = g->counters;

    if (g->serving)
        return;
    g->serving = true;
    g->now_us = g_get_monotonic_time();
    serve_turn(g);
    gateway_linger_after(g, &before);
    expire_all(g);
    if (g->event_next == g->event_count)
        free_closed(g);
    else
        gateway_wait_arm(g, 0);
    g->serving = false;
}

static gboolean source_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    (void)callback;
    (void)user;
    gateway_serve(((struct gateway_source *)source)->gateway);
    return G_SOURCE_CONTINUE;
}

static gboolean linger_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    struct gateway *g = ((struct gateway_source *)source)->gateway;

    (void)callback;
    (void)user;
    gateway_linger_begin(g);
    gateway_serve(g);
    gateway_linger_end(g);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = { .dispatch = source_dispatch };
static GSourceFuncs linger_functions = { .dispatch = linger_dispatch };

static GSource *source_new(struct gateway *g, GSourceFuncs *functions, const char *name)
{
    GSource *source = g_source_new(functions, sizeof(struct gateway_source));

    ((struct gateway_source *)source)->gateway = g;
    g_source_set_static_name(source, name);
    return source;
}

static void sources_attach(struct gateway *g, GMainContext *context)
{
    g->source = source_new(g, &source_functions, "modbus tcp gateway");
    g_source_add_unix_fd(g->source, g->epoll_fd, G_IO_IN);
    g_source_attach(g->source, context);
    g->linger.source =
        source_new(g, &linger_functions, "modbus tcp gateway, lingering");
    g_source_set_priority(g->linger.source, G_PRIORITY_LOW);
    g_source_attach(g->linger.source, context);
}

static void source_free(GSource *source)
{
    g_source_destroy(source);
    g_source_unref(source);
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
    if (!gateway_linger_open(g)) {
        close(epoll_fd);
        g_free(g);
        return NULL;
    }
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
    sources_attach(g, context);
    return g;
}

void gateway_free(struct gateway *g)
{
    GList *link;

    if (g == NULL)
        return;
    source_free(g->source);
    source_free(g->linger.source);
    gateway_linger_close(g);
    while ((link = g->queues[GATEWAY_IDLE].members.head) != NULL)
        gateway_connection_close(g, link->data);
    free_closed(g);
    g_ptr_array_free(g->listeners, TRUE);
    close(g->epoll_fd);
    g_free(g->answers);
    g_free(g);
}

int gateway_listen(struct gateway *g, const char *host, int port,
                   gateway_handler handler, void *user, GError **error)
{
    return gateway_listener_open(g, host, port, handler, NULL, user, error);
}

int gateway_listen_relay(struct gateway *g, const char *host, int port,
                         const struct gateway_relay *relay, void *user, GError **error)
{
    return gateway_listener_open(g, host, port, NULL, relay, user, error);
}

void gateway_relay_send(struct gateway *g, struct gateway_connection *c,
                        const uint8_t *bytes, int size)
{
    gateway_connection_send(g, c, bytes, size);
}

void gateway_relay_end(struct gateway *g, struct gateway_connection *c, bool reset)
{
    gateway_connection_end(g, c, reset);
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
