/* Answers of a gateway. See bridge_answer.h. Faults act in the order of the rows: first
 * what is answered, then as whose answer, then when and how it leaves. */
#include "sim/bridge/bridge_answer.h"
#include "sim/bridge/bridge_cache.h"
#include "sim/bridge/bridge_send.h"
#include "sim/line/line_unit.h"
#include <string.h>

enum { EXCEPTION_BIT = 0x80, TARGET_FAILED = 0x0B, PATH_UNAVAILABLE = 0x0A };

static double value(const struct unit *u, enum fault_id id)
{
    return u->faults->value[id][0];
}

static void set_pdu(struct bridge_reply *r, const uint8_t *pdu, int size)
{
    r->size = size;
    memmove(r->pdu, pdu, (size_t)size);
}

/* The answer before this one; the first has none. */
static void give_before(const struct bridge *b, struct bridge_reply *r)
{
    if (b->last_size)
        set_pdu(r, b->last, b->last_size);
    else
        r->lost = true;
}

static void give_zeros(struct bridge_reply *r)
{
    if (r->size > 2 && r->pdu[0] <= 4)
        memset(r->pdu + 2, 0, (size_t)r->size - 2);
}

/* What was answered before the fault. */
static void give_stale(const struct bridge *b, const struct bridge_ask *a,
                       struct bridge_reply *r)
{
    const struct bridge_cached *old =
        bridge_cache_find(b->cache, a->unit, a->pdu, a->size);

    if (old)
        set_pdu(r, old->pdu, old->size);
}

static void give_exception(struct bridge_reply *r, int code)
{
    const uint8_t pdu[2] = { (uint8_t)(r->pdu[0] | EXCEPTION_BIT), (uint8_t)code };

    set_pdu(r, pdu, sizeof pdu);
}

static bool is_stale(const struct unit *u, int64_t hits)
{
    return (double)hits <= value(u, FAULT_GATEWAY_STALE);
}

static void act(const struct bridge *b, const struct unit *u,
                const struct bridge_ask *a, int64_t hits, struct bridge_reply *r)
{
    if (value(u, FAULT_GATEWAY_ONE_BEHIND) != 0)
        give_before(b, r);
    if ((double)hits <= value(u, FAULT_GATEWAY_ZEROS))
        give_zeros(r);
    if (is_stale(u, hits))
        give_stale(b, a, r);
    if (value(u, FAULT_GATEWAY_EXCEPTION) != 0)
        give_exception(r, (int)value(u, FAULT_GATEWAY_EXCEPTION));
    r->transaction += (uint16_t)(int)value(u, FAULT_GATEWAY_TRANSACTION);
    r->unit = (uint8_t)(r->unit + (int)value(u, FAULT_GATEWAY_UNIT));
    r->late_ns = (int64_t)(value(u, FAULT_GATEWAY_LATE) * 1e9);
    r->split_ms = (int)value(u, FAULT_GATEWAY_SPLIT);
    r->forgets = value(u, FAULT_GATEWAY_HALF_OPEN) != 0;
    r->resets = value(u, FAULT_GATEWAY_RESET) != 0;
}

/* By the options; the gateway counts whether or not anybody is left to be answered. */
static uint16_t transaction_of(struct bridge *b, const struct bridge_ask *a)
{
    const uint16_t before = b->before_id, own = b->own_id++;

    b->before_id = a->transaction;
    switch ((enum bridge_transaction)b->options.transaction) {
    case BRIDGE_ID_ECHOED:
        break;
    case BRIDGE_ID_OWN:
        return own;
    case BRIDGE_ID_PLUS_ONE:
        return (uint16_t)(a->transaction + 1);
    case BRIDGE_ID_BEFORE:
        return before;
    }
    return a->transaction;
}

static void forget(struct bridge_client *c)
{
    c->forgotten = true;
    bridge_admit(c->bridge);
}

static void deliver(struct bridge_client *c, const struct bridge_reply *r)
{
    if (r->lost)
        return;
    if (r->forgets)
        forget(c);
    else if (r->resets)
        bridge_end(c, BRIDGE_RESET);
    else
        bridge_send(c, r);
}

/* With the faults of the meter that was asked, if there is one. */
static void reply(struct bridge *b, const struct bridge_ask *a, uint8_t unit,
                  const uint8_t *pdu, int size, bool fresh)
{
    struct unit *u = line_meter_of(b->line, a->address);
    struct bridge_reply r = { .transaction = transaction_of(b, a), .unit = unit };
    int64_t hits = 0;
    const bool hit = u && link_gateway_hits(u, &hits);

    set_pdu(&r, pdu, size);
    if (hit)
        act(b, u, a, hits, &r);
    if (fresh && !(hit && is_stale(u, hits)))
        bridge_cache_put(b->cache, a->unit, a->pdu, a->size, pdu, size,
                         sim_now(b->sim));
    memcpy(b->last, pdu, (size_t)size);
    b->last_size = size;
    if (a->client && !a->client->forgotten)
        deliver(a->client, &r);
}

void bridge_answer(struct bridge *b, const struct bridge_ask *a, uint8_t unit,
                   const uint8_t *pdu, int size)
{
    reply(b, a, unit, pdu, size, true);
}

bool bridge_answer_cached(struct bridge *b, const struct bridge_ask *a)
{
    const struct bridge_cached *old =
        bridge_cache_find(b->cache, a->unit, a->pdu, a->size);

    if (!old || !b->options.cache ||
        sim_now(b->sim) - old->at_ns > b->options.cache * INT64_C(1000000))
        return false;
    const struct bridge_cached kept = *old;
    b->counters.cached++;
    reply(b, a, a->unit, kept.pdu, kept.size, false);
    return true;
}

void bridge_answer_exception(struct bridge *b, const struct bridge_ask *a, int code)
{
    struct bridge_reply r = { .transaction = transaction_of(b, a),
                              .unit = a->unit,
                              .size = 2,
                              .pdu = { (uint8_t)(a->pdu[0] | EXCEPTION_BIT),
                                       (uint8_t)code } };

    if (a->client && !a->client->forgotten)
        bridge_send(a->client, &r);
}

void bridge_answer_dead(struct bridge *b, const struct bridge_ask *a)
{
    const struct bridge_cached *old =
        b->options.stale ? bridge_cache_find(b->cache, a->unit, a->pdu, a->size) : NULL;

    b->counters.dead++;
    if (old) {
        const struct bridge_cached kept = *old;
        b->counters.cached++;
        reply(b, a, a->unit, kept.pdu, kept.size, false);
        return;
    }
    if (b->options.dead == BRIDGE_DEAD_SILENCE)
        return;
    bridge_answer_exception(
        b, a, b->options.dead == BRIDGE_DEAD_PATH ? PATH_UNAVAILABLE : TARGET_FAILED);
}
