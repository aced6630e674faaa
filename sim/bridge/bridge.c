/* A gateway of the field: its connections. See bridge.h. */
#include "sim/bridge/bridge.h"
#include "sim/bridge/bridge_cache.h"
#include "sim/bridge/bridge_queue.h"
#include "sim/bridge/bridge_send.h"
#include "sim/line/line_unit.h"
#include <string.h>

enum { HELD_MAX = 64 /* requests of a connection that hangs: what its socket holds */ };

static void serve_next(void *user);

static void free_bridge(struct bridge *b)
{
    while (b->clients->len)
        bridge_client_free(g_ptr_array_index(b->clients, 0));
    bridge_queue_clear(b);
    if (b->admitting)
        sim_cancel(b->sim, b->admitting);
    line_master_free(b->master);
    g_hash_table_unref(b->cache);
    g_ptr_array_unref(b->clients);
    g_free(b);
}

struct bridge *bridge_new(struct line *l, const struct bridge_options *o)
{
    const struct unit *first = line_meter_at(l, 0);
    const struct line_master_options usual = {
        .baud = first ? first->hal.baud : 19200,
        .parity = first ? first->hal.parity : HAL_PARITY_NONE,
    };
    struct line_master *master = line_master_new(l, &usual);

    if (!master)
        return NULL;
    struct bridge *b = g_new0(struct bridge, 1);
    b->sim = line_sim(l);
    b->line = l;
    b->master = master;
    b->options = *o;
    b->meters_baud = (int)usual.baud;
    b->meters_parity = usual.parity;
    b->clients = g_ptr_array_new();
    g_queue_init(&b->queue);
    b->cache = bridge_cache_new();
    b->own_id = 1;
    b->admit = serve_next;
    sim_add_bridge(b->sim, b, free_bridge);
    return b;
}

int bridge_baud(const struct bridge *b)
{
    return b->options.baud ? b->options.baud : b->meters_baud;
}

struct bridge *bridge_at(const struct sim *s, int index)
{
    return sim_bridge(s, index);
}

struct bridge *bridge_of_line(const struct line *l)
{
    struct bridge *b;

    for (int k = 0; (b = sim_bridge(line_sim(l), k)) != NULL; k++)
        if (b->line == l)
            return b;
    return NULL;
}

struct line *bridge_line(const struct bridge *b)
{
    return b->line;
}

const struct bridge_options *bridge_options_of(const struct bridge *b)
{
    return &b->options;
}

void bridge_set_options(struct bridge *b, const struct bridge_options *o)
{
    b->options = *o;
}

bool bridge_is_waited_for(const struct bridge *b)
{
    return bridge_has_work(b);
}

void bridge_on_change(struct bridge *b, void (*changed)(void *user, bool waited),
                      void *user)
{
    b->changed = changed;
    b->changed_user = user;
}

void bridge_counters(const struct bridge *b, struct bridge_counters *counters)
{
    *counters = b->counters;
    counters->clients = (int)b->clients->len;
    counters->waiting = (int)b->queue.length + (b->now != NULL);
}

/* --- connections --- */

/* Those that have a place. A half open one has none any more. */
static int served(const struct bridge *b)
{
    int count = 0;

    for (guint k = 0; k < b->clients->len; k++) {
        const struct bridge_client *c = g_ptr_array_index(b->clients, k);
        count += c->served && !c->forgotten;
    }
    return count;
}

/* The one that is longest without a request. */
static void evict(struct bridge *b)
{
    struct bridge_client *oldest = NULL;

    for (guint k = 0; k < b->clients->len; k++) {
        struct bridge_client *c = g_ptr_array_index(b->clients, k);
        if (c->served && !c->forgotten && (!oldest || c->used_ns < oldest->used_ns))
            oldest = c;
    }
    if (!oldest)
        return;
    b->counters.evicted++;
    bridge_end(oldest, BRIDGE_CLOSE);
}

static void watch_idle(struct bridge_client *c);

static void on_idle(void *user)
{
    struct bridge_client *c = user;

    c->idle = 0;
    if (sim_now(c->bridge->sim) <
        c->used_ns + c->bridge->options.idle * INT64_C(1000000000))
        watch_idle(c);
    else
        bridge_end(c, BRIDGE_CLOSE);
}

/* One event is waited for, not one for each request. */
static void watch_idle(struct bridge_client *c)
{
    const int64_t idle_ns = c->bridge->options.idle * INT64_C(1000000000);

    if (idle_ns && !c->idle && !c->forgotten)
        c->idle = sim_at(c->bridge->sim, c->used_ns + idle_ns, on_idle, c);
}

static void serve(struct bridge_client *c)
{
    c->served = true;
    c->used_ns = sim_now(c->bridge->sim);
    watch_idle(c);
}

/* A place is free: the one that hangs longest has it, with what it has asked. */
static void serve_next(void *user)
{
    struct bridge *b = user;
    struct bridge_client *c = NULL;
    struct bridge_ask *a;

    b->admitting = 0;
    if (served(b) >= b->options.connections)
        return;
    for (guint k = 0; k < b->clients->len && !c; k++) {
        struct bridge_client *at = g_ptr_array_index(b->clients, k);
        c = at->served ? NULL : at;
    }
    if (!c)
        return;
    serve(c);
    while (g_ptr_array_find(b->clients, c, NULL) &&
           (a = g_queue_pop_head(&c->held)) != NULL) {
        b->counters.requests++;
        bridge_queue_ask(b, a);
        g_free(a);
    }
    bridge_admit(b);
    bridge_rest(b);
}

static bool has_room(struct bridge *b)
{
    if (served(b) < b->options.connections)
        return true;
    switch ((enum bridge_next)b->options.next) {
    case BRIDGE_NEXT_REFUSED:
    case BRIDGE_NEXT_HANGS:
        break;
    case BRIDGE_NEXT_EVICTS:
        evict(b);
        return true;
    }
    return false;
}

struct bridge_client *bridge_connect(struct bridge *b, const struct bridge_peer *peer,
                                     void *user)
{
    const bool room = has_room(b);

    if (!room && b->options.next == BRIDGE_NEXT_REFUSED) {
        b->counters.refused++;
        if (b->changed) /* whoever was refused may wait to be told */
            b->changed(b->changed_user, true);
        return NULL;
    }
    struct bridge_client *c = g_new0(struct bridge_client, 1);
    c->bridge = b;
    c->peer = peer;
    c->user = user;
    c->sendings = g_ptr_array_new_with_free_func(g_free);
    c->merged = g_byte_array_new();
    g_queue_init(&c->held);
    g_ptr_array_add(b->clients, c);
    if (room)
        serve(c);
    return c;
}

void bridge_disconnect(struct bridge_client *c)
{
    bridge_client_free(c);
}

void bridge_request(struct bridge_client *c, uint16_t transaction, uint8_t unit,
                    const uint8_t *pdu, int size)
{
    struct bridge *b = c->bridge;
    struct bridge_ask a = {
        .client = c, .transaction = transaction, .unit = unit, .size = size
    };

    if (c->forgotten)
        return;
    memcpy(a.pdu, pdu, (size_t)size);
    c->used_ns = sim_now(b->sim);
    if (!c->served) {
        if (c->held.length < HELD_MAX)
            g_queue_push_tail(&c->held, g_memdup2(&a, sizeof a));
        return;
    }
    b->counters.requests++;
    bridge_queue_ask(b, &a);
    if (b->changed && bridge_is_waited_for(b))
        b->changed(b->changed_user, true);
}
