/* Bytes on their way out. See bridge_send.h. A stream keeps its order: what follows a
 * frame in two segments waits for the second one. */
#include "sim/bridge/bridge_send.h"
#include <string.h>

#define MS_NS INT64_C(1000000)

struct sending {
    struct bridge_client *client;
    uint64_t event;
    bool ends; /* the connection closes behind it */
    int size;
    uint8_t byte[BRIDGE_FRAME_MAX];
};

bool bridge_has_work(const struct bridge *b)
{
    if (b->now || b->queue.head || b->admitting)
        return true;
    for (guint k = 0; k < b->clients->len; k++) {
        const struct bridge_client *c = g_ptr_array_index(b->clients, k);
        if (c->sendings->len || c->merging)
            return true;
    }
    return false;
}

void bridge_rest(struct bridge *b)
{
    if (b->changed && !bridge_has_work(b))
        b->changed(b->changed_user, false);
}

/* Not at once: whoever ends a connection is not done yet. */
void bridge_admit(struct bridge *b)
{
    for (guint k = 0; k < b->clients->len && !b->admitting; k++)
        if (!((struct bridge_client *)g_ptr_array_index(b->clients, k))->served)
            b->admitting = sim_at(b->sim, sim_now(b->sim), b->admit, b);
}

static void forget_client(gpointer ask, gpointer client)
{
    struct bridge_ask *a = ask;

    if (a->client == client)
        a->client = NULL;
}

void bridge_client_free(struct bridge_client *c)
{
    struct bridge *b = c->bridge;

    for (guint k = 0; k < c->sendings->len; k++)
        sim_cancel(b->sim,
                   ((struct sending *)g_ptr_array_index(c->sendings, k))->event);
    g_ptr_array_unref(c->sendings);
    if (c->merging)
        sim_cancel(b->sim, c->merging);
    if (c->idle)
        sim_cancel(b->sim, c->idle);
    g_byte_array_unref(c->merged);
    g_queue_clear_full(&c->held, g_free);
    g_queue_foreach(&b->queue, forget_client, c);
    if (b->now)
        forget_client(b->now, c);
    g_ptr_array_remove(b->clients, c);
    g_free(c);
    bridge_admit(b);
}

void bridge_end(struct bridge_client *c, enum bridge_end how)
{
    const struct bridge_peer *peer = c->peer;
    void *user = c->user;

    bridge_client_free(c);
    peer->end(user, how);
}

static void flush_merged(void *user)
{
    struct bridge_client *c = user;
    GByteArray *bytes = c->merged;
    struct bridge *b = c->bridge;
    const bool ends = c->ends_with_merged;

    c->merging = 0;
    c->merged = g_byte_array_new();
    c->peer->send(c->user, bytes->data, (int)bytes->len);
    g_byte_array_unref(bytes);
    if (ends)
        bridge_end(c, BRIDGE_CLOSE);
    bridge_rest(b);
}

/* To the peer, or to what leaves together. */
static void put(struct bridge_client *c, const uint8_t *bytes, int size, bool ends)
{
    const struct bridge *b = c->bridge;

    if (b->options.segments == BRIDGE_MERGED) {
        g_byte_array_append(c->merged, bytes, (guint)size);
        c->ends_with_merged = c->ends_with_merged || ends;
        if (!c->merging)
            c->merging =
                sim_at(b->sim, sim_now(b->sim) + b->options.segment_gap * MS_NS,
                       flush_merged, c);
        return;
    }
    c->peer->send(c->user, bytes, size);
    if (ends)
        bridge_end(c, BRIDGE_CLOSE);
}

static void on_due(void *user)
{
    struct sending *s = user;
    struct bridge_client *c = s->client;
    struct bridge *b = c->bridge;
    const struct sending due = *s;

    g_ptr_array_remove(c->sendings, s);
    put(c, due.byte, due.size, due.ends);
    bridge_rest(b);
}

static void put_at(struct bridge_client *c, int64_t at_ns, const uint8_t *bytes,
                   int size, bool ends)
{
    struct sim *sim = c->bridge->sim;

    if (at_ns <= sim_now(sim)) {
        put(c, bytes, size, ends);
        return;
    }
    struct sending *s = g_new0(struct sending, 1);
    s->client = c;
    s->ends = ends;
    s->size = size;
    memcpy(s->byte, bytes, (size_t)size);
    g_ptr_array_add(c->sendings, s);
    s->event = sim_at(sim, at_ns, on_due, s);
}

static int build(uint8_t frame[BRIDGE_FRAME_MAX], const struct bridge_reply *r)
{
    const uint8_t header[BRIDGE_HEADER] = {
        (uint8_t)(r->transaction >> 8), (uint8_t)r->transaction, 0,      0,
        (uint8_t)((r->size + 1) >> 8),  (uint8_t)(r->size + 1),  r->unit
    };

    memcpy(frame, header, BRIDGE_HEADER);
    memcpy(frame + BRIDGE_HEADER, r->pdu, (size_t)r->size);
    return BRIDGE_HEADER + r->size;
}

void bridge_send(struct bridge_client *c, const struct bridge_reply *r)
{
    struct bridge *b = c->bridge;
    const struct bridge_options *o = &b->options;
    const bool ends = !o->keep_alive;
    const int64_t at_ns = MAX(sim_now(b->sim) + r->late_ns, c->free_ns);
    uint8_t frame[BRIDGE_FRAME_MAX];
    const int size = build(frame, r);
    const int gap_ms = r->split_ms                   ? r->split_ms
                       : o->segments == BRIDGE_SPLIT ? o->segment_gap
                                                     : 0;

    b->counters.answers++;
    b->counters.exceptions += r->pdu[0] >> 7;
    if (!gap_ms) {
        put_at(c, at_ns, frame, size, ends);
        return;
    }
    c->free_ns = at_ns + gap_ms * MS_NS;
    const int first = MIN(BRIDGE_SPLIT_BYTES, size - 1);
    put_at(c, at_ns, frame, first, false);
    put_at(c, c->free_ns, frame + first, size - first, ends);
}
