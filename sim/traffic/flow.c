/* Bytes of connections and lines. See flow.h. A hole in a connection is not mended: what
 * stood before it is dropped, and messages begin again behind it. */
#include "sim/traffic/flow.h"
#include "core/crc.h"
#include <string.h>

enum {
    MBAP = 7, /* header: transaction, protocol, length, unit */
    MBAP_MAX = 260,
    RTU_MIN = 4, /* unit, function, checksum */
    RTU_MAX = 256,
    MODBUS_PORT = 502,
    PATIENCE_NS = 500000000
};

static bool same_end(const struct packet_end *a, const struct packet_end *b)
{
    return a->port == b->port && !memcmp(a->address, b->address, sizeof a->address);
}

static bool is_of(const struct flow *f, const struct packet *p)
{
    if (f->serial != p->serial)
        return false;
    return p->serial ||
           (same_end(&f->client, &p->from) && same_end(&f->server, &p->to)) ||
           (same_end(&f->client, &p->to) && same_end(&f->server, &p->from));
}

/* Without a SYN the server is at Modbus' port, or at the lower one. */
static bool from_client(const struct packet *p)
{
    if (p->syn)
        return !p->answers;
    if (p->to.port == MODBUS_PORT || p->from.port == MODBUS_PORT)
        return p->to.port == MODBUS_PORT;
    return p->to.port <= p->from.port;
}

struct flow *flow_find(struct exchanges *x, const struct packet *p)
{
    for (guint k = x->flows->len; k-- > 0;) {
        struct flow *f = g_ptr_array_index(x->flows, k);
        if (is_of(f, p))
            return f;
    }
    struct flow *f = g_new0(struct flow, 1);
    bool asks = from_client(p);
    f->number = (int)x->flows->len;
    f->serial = p->serial;
    f->framing = p->serial ? FLOW_RTU : FLOW_OPEN;
    f->client = asks ? p->from : p->to;
    f->server = asks ? p->to : p->from;
    g_ptr_array_add(x->flows, f);
    return f;
}

static unsigned big16(const uint8_t *b)
{
    return (unsigned)b[0] << 8 | b[1];
}

static void drop(struct flow_way *w, int count)
{
    w->count -= count;
    memmove(w->bytes, w->bytes + count, (size_t)w->count);
}

static bool is_mbap(const uint8_t *b)
{
    return big16(b + 2) == 0 && big16(b + 4) >= 2 && big16(b + 4) <= MBAP_MAX - 6;
}

/* What is said of a message, besides its bytes. */
struct cutting {
    struct exchanges *x;
    struct flow *f;
    int64_t at_ns;
    bool answer;
    flow_message_call call;
    void *user;
};

static void deliver(const struct cutting *c, uint16_t transaction, uint8_t unit,
                    const uint8_t *pdu, int size)
{
    const struct flow_message message = { .at_ns = c->at_ns,
                                          .answer = c->answer,
                                          .unit = unit,
                                          .transaction = transaction,
                                          .pdu = pdu,
                                          .size = size };

    if (size >= 1 && size <= EXCHANGE_PDU)
        c->call(c->user, c->f, &message);
    else
        c->x->broken += size;
}

static void cut_mbap(const struct cutting *c, struct flow_way *w)
{
    while (w->count >= MBAP) {
        int length = (int)big16(w->bytes + 4) + 6;
        if (!is_mbap(w->bytes)) {
            c->x->broken += w->count;
            w->count = 0;
            return;
        }
        if (w->count < length)
            return;
        deliver(c, (uint16_t)big16(w->bytes), w->bytes[6], w->bytes + MBAP,
                length - MBAP);
        drop(w, length);
    }
}

/* How long a frame that begins here may be, by what requests and answers look like: the
 * first whose checksum holds; 0: none. */
static int rtu_length(const struct flow_way *w)
{
    const uint8_t *b = w->bytes;
    const int lengths[] = { 8, 5, w->count > 2 ? 5 + b[2] : 0,
                            w->count > 6 ? 9 + b[6] : 0, RTU_MIN };

    for (size_t k = 0; k < G_N_ELEMENTS(lengths); k++)
        if (lengths[k] >= RTU_MIN && lengths[k] <= w->count &&
            crc_modbus(b, (uint32_t)lengths[k]) == 0)
            return lengths[k];
    return 0;
}

/* Serial servers send a frame as one segment, so the whole is tried first. */
static void cut_rtu(const struct cutting *c, struct flow_way *w)
{
    while (w->count >= RTU_MIN) {
        bool whole = w->count <= RTU_MAX && !crc_modbus(w->bytes, (uint32_t)w->count);
        int length = whole ? w->count : rtu_length(w);
        if (!length)
            break;
        deliver(c, 0, w->bytes[0], w->bytes + 1, length - 3);
        drop(w, length);
    }
    if (w->count >= RTU_MAX || c->f->serial) { /* what comes does not make it one */
        c->x->broken += w->count;
        w->count = 0;
    }
}

static void append(struct flow_way *w, const uint8_t *bytes, int size)
{
    size = MIN(size, FLOW_BYTES - w->count);
    memcpy(w->bytes + w->count, bytes, (size_t)size);
    w->count += size;
}

/* A read of RTU may look like a header of Modbus TCP, so its checksum counts first. */
static enum flow_framing framing_of(const struct flow_way *w)
{
    if (w->count <= RTU_MAX && crc_modbus(w->bytes, (uint32_t)w->count) == 0)
        return FLOW_RTU;
    return is_mbap(w->bytes) ? FLOW_MBAP : FLOW_RTU;
}

static void cut(const struct cutting *c, struct flow_way *w)
{
    if (c->f->framing == FLOW_OPEN && w->count >= MBAP)
        c->f->framing = framing_of(w);
    if (c->f->framing == FLOW_MBAP)
        cut_mbap(c, w);
    else if (c->f->framing == FLOW_RTU)
        cut_rtu(c, w);
}

/* What of the segment is new: a segment that comes again has nothing. */
static int new_bytes(struct exchanges *x, struct flow_way *w, const struct packet *p)
{
    int32_t ahead = (int32_t)(p->sequence - w->next);

    if (w->started && ahead < 0)
        return p->size + ahead > 0 ? p->size + ahead : 0;
    if (w->started && ahead > 0) {
        x->lost++;
        w->count = 0;
    }
    return p->size;
}

/* The rest of a frame does not come so late: what waits for it is none. */
static void drop_stale(struct exchanges *x, const struct flow *f, struct flow_way *w,
                       int64_t at_ns)
{
    if (f->framing == FLOW_RTU && at_ns - w->at_ns > PATIENCE_NS) {
        x->broken += w->count;
        w->count = 0;
    }
    w->at_ns = at_ns;
}

void flow_add(struct exchanges *x, struct flow *f, int64_t at_ns,
              const struct packet *p, flow_message_call call, void *user)
{
    const bool back = !p->serial && !same_end(&f->client, &p->from);
    struct flow_way *w = &f->way[back];
    const struct cutting c = { x, f, at_ns, back, call, user };
    int size = p->size;

    if (p->syn) {
        *w = (struct flow_way){ .started = true, .next = p->sequence + 1 };
        return;
    }
    if (!p->serial) {
        if (p->size == 0)
            return;
        size = new_bytes(x, w, p);
        if (size == 0)
            return;
        w->started = true;
        w->next = p->sequence + (uint32_t)p->size;
    }
    drop_stale(x, f, w, at_ns);
    for (const uint8_t *from = p->bytes + p->size - size; size > 0;) {
        int room = FLOW_BYTES - w->count, part = MIN(size, room);
        append(w, from, part);
        cut(&c, w);
        from += part;
        size -= part;
        if (part == 0) {
            x->broken += w->count;
            w->count = 0;
        }
    }
}
