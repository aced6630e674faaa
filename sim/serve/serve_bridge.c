/* Gateways of the field behind sockets. See serve_bridge.h. */
#include "sim/serve/serve_bridge.h"
#include "sim/gateway/mbap.h"
#include "sim/line/line_unit.h"
#include "sim/program/error.h"

struct serve_bridge {
    struct gateway *gateway;
    struct bridge *bridge;
};

struct serve_held {
    struct sim *sim;
    struct pace *pace;
};

/* A connection of both. */
struct peer {
    struct serve_bridge *owner;
    struct gateway_connection *connection;
    struct bridge_client *client;
};

static void send_bytes(void *user, const uint8_t *bytes, int size)
{
    const struct peer *p = user;

    gateway_relay_send(p->owner->gateway, p->connection, bytes, size);
}

static void end(void *user, enum bridge_end how)
{
    struct peer *p = user;

    gateway_relay_end(p->owner->gateway, p->connection, how == BRIDGE_RESET);
    g_free(p);
}

static const struct bridge_peer bridge_side = { .send = send_bytes, .end = end };

static void *opened(void *user, struct gateway_connection *c)
{
    struct serve_bridge *s = user;
    struct peer *p = g_new0(struct peer, 1);

    *p = (struct peer){ .owner = s, .connection = c };
    p->client = bridge_connect(s->bridge, &bridge_side, p);
    if (!p->client)
        g_clear_pointer(&p, g_free);
    return p;
}

static void request(void *peer, const struct mbap_frame *frame)
{
    const struct peer *p = peer;

    bridge_request(p->client, frame->transaction, frame->unit, frame->pdu,
                   frame->pdu_bytes);
}

static void closed(void *peer)
{
    struct peer *p = peer;

    bridge_disconnect(p->client);
    g_free(p);
}

static const struct gateway_relay socket_side = { .opened = opened,
                                                  .request = request,
                                                  .closed = closed };

int serve_bridge_listen(struct gateway *g, struct bridge *b, const char *host, int port,
                        struct serve_bridge **to, GError **error)
{
    struct serve_bridge *s = g_new0(struct serve_bridge, 1);

    *s = (struct serve_bridge){ .gateway = g, .bridge = b };
    *to = s;
    return gateway_listen_relay(g, host, port, &socket_side, s, error);
}

void serve_bridge_free(struct serve_bridge *s)
{
    g_free(s);
}

/* --- lines --- */

/* The n-th line: there already, or with the next 247 meters. */
static struct line *line_for(struct sim *sim, int n)
{
    char name[LINE_NAME];
    struct line *l = line_at(sim, n);

    if (l)
        return l;
    g_snprintf(name, sizeof name, "line%d", n + 1);
    l = line_new(sim, name, (uint64_t)n);
    for (int k = n * LINE_METERS_MAX;
         k < sim_unit_count(sim) && k < (n + 1) * LINE_METERS_MAX; k++)
        line_attach_unit(l, sim_unit(sim, k), "meter");
    return l;
}

bool serve_bridge_make(struct sim *sim, const struct bridge_options *o, GError **error)
{
    int lines = (sim_unit_count(sim) + LINE_METERS_MAX - 1) / LINE_METERS_MAX;

    if (line_at(sim, 0)) /* a scenario's: no others are made */
        for (lines = 0; line_at(sim, lines);)
            lines++;
    for (int n = 0; n < lines; n++) {
        struct line *l = line_for(sim, n);
        if (!bridge_of_line(l) && !bridge_new(l, o))
            return error_set(error, "--gateway: too many stations on %s", line_name(l));
    }
    return true;
}

uint64_t serve_bridge_exceptions(const struct sim *sim)
{
    const struct bridge *b;
    uint64_t exceptions = 0;

    for (int k = 0; (b = bridge_at(sim, k)) != NULL; k++) {
        struct bridge_counters c;
        bridge_counters(b, &c);
        exceptions += (uint64_t)c.exceptions;
    }
    return exceptions;
}

/* --- time --- */

static bool is_waited_for(void *user)
{
    const struct sim *sim = user;
    const struct bridge *b;

    for (int k = 0; (b = bridge_at(sim, k)) != NULL; k++)
        if (bridge_is_waited_for(b))
            return true;
    return false;
}

static void on_change(void *user, bool waited)
{
    const struct serve_held *h = user;

    if (waited)
        pace_wanted(h->pace);
    else if (!is_waited_for(h->sim))
        sim_stop(h->sim);
}

struct serve_held *serve_held_new(struct sim *sim, struct pace *p)
{
    struct bridge *b;

    if (!bridge_at(sim, 0))
        return NULL;
    struct serve_held *h = g_new0(struct serve_held, 1);
    *h = (struct serve_held){ .sim = sim, .pace = p };
    pace_set_wants(p, is_waited_for, sim);
    for (int k = 0; (b = bridge_at(sim, k)) != NULL; k++)
        bridge_on_change(b, on_change, h);
    return h;
}
