/* Requests and the line. See bridge_queue.h. A request stays on the line until its
 * answer, or its time-out with all repetitions, is over: whoever asks meanwhile waits. */
#include "sim/bridge/bridge_queue.h"
#include "core/crc.h"
#include "sim/bridge/bridge_answer.h"
#include "sim/bridge/bridge_send.h"
#include "sim/line/line_unit.h"
#include <string.h>

#define MS_NS    INT64_C(1000000)
#define FIRST_NS (100 * MS_NS)

enum {
    BROADCAST = 0,
    UNIT_OWN = 255,
    BUSY = 0x06,
    PATH_UNAVAILABLE = 0x0A,
    TURNAROUND_MS = 100, /* Serial line V1.02, 2.4.1 */
    FRAME_MIN = 5        /* address, function, code, CRC */
};

static void next(struct bridge *b);

/* --- the line --- */

static void set_master(struct bridge *b)
{
    const struct line_master_options m = {
        .baud = (uint32_t)(b->options.baud ? b->options.baud : b->meters_baud),
        .parity = b->options.parity >= 0 ? (enum hal_parity)b->options.parity
                                         : b->meters_parity,
    };

    line_master_set(b->master, &m);
}

static void start(void *user)
{
    struct bridge *b = user;
    const struct bridge_ask *a = b->now;
    const bool broadcast = a->address == BROADCAST;

    b->start = 0;
    set_master(b);
    b->x.request[0] = a->address;
    memcpy(b->x.request + 1, a->pdu, (size_t)a->size);
    b->x.request_size = line_master_finish(b->x.request, 1 + a->size);
    b->x.kind = broadcast                                 ? LINE_BROADCAST
                : b->options.match == BRIDGE_MATCH_ANSWER ? LINE_REQUEST
                                                          : LINE_RAW_REQUEST;
    b->x.timeout_ns = (broadcast ? TURNAROUND_MS : b->options.timeout) * MS_NS;
    line_master_start(b->master, &b->x);
}

/* At once, or when the pause behind the last exchange is over; never before meters that
 * were switched on at 0 hear anything (their first t3.5). */
static void start_soon(struct bridge *b)
{
    const int64_t now_ns = sim_now(b->sim),
                  pause_ns = b->line_free_ns + b->options.gap * MS_NS,
                  at_ns = b->line_free_ns ? MAX(pause_ns, FIRST_NS) : FIRST_NS;

    if (at_ns > now_ns)
        b->start = sim_at(b->sim, at_ns, start, b);
    else
        start(b);
}

static bool is_sound(const struct line_exchange *x)
{
    return x->result == LINE_ANSWERED && x->answer_size >= FRAME_MIN &&
           x->answer_size <= BRIDGE_PDU_MAX + 3 &&
           crc_modbus(x->answer, (uint32_t)x->answer_size) == 0;
}

/* Whose answer it is by its own address; what was mapped is mapped back. */
static uint8_t unit_of(const struct bridge_ask *a, const struct line_exchange *x)
{
    return x->answer[0] == a->address ? a->unit : x->answer[0];
}

static void on_done(void *user)
{
    struct bridge *b = user;
    struct bridge_ask *a = b->now;
    const struct line_exchange *x = &b->x;
    const bool sound = is_sound(x), broadcast = a->address == BROADCAST;

    b->line_free_ns = sim_now(b->sim);
    if (!sound && !broadcast && a->attempts++ < b->options.retries) {
        start_soon(b);
        return;
    }
    if (sound && !broadcast)
        bridge_answer(b, a, unit_of(a, x), x->answer + 1, x->answer_size - 3);
    else if (!broadcast)
        bridge_answer_dead(b, a);
    b->now = NULL;
    g_free(a);
    next(b);
    bridge_rest(b);
}

static void next(struct bridge *b)
{
    if (b->now)
        return;
    b->now = g_queue_pop_head(&b->queue);
    if (!b->now)
        return;
    b->x.done = on_done;
    b->x.user = b;
    start_soon(b);
}

/* --- requests --- */

/* The address on the line; -1: it is not sent there, and *code is the exception, or 0. */
static int address_of(const struct bridge *b, uint8_t unit, int *code)
{
    const struct unit *first = line_meter_at(b->line, 0);
    int how = BRIDGE_UNIT_SENT;

    *code = 0;
    if (unit == BROADCAST)
        how = b->options.unit_0;
    else if (unit == UNIT_OWN)
        how = b->options.unit_255;
    switch ((enum bridge_unit)how) {
    case BRIDGE_UNIT_SENT:
        break;
    case BRIDGE_UNIT_FIRST:
        return first ? unit_setting(first, SETTING_ADDRESS) & 255 : unit;
    case BRIDGE_UNIT_PATH:
        *code = PATH_UNAVAILABLE;
        return -1;
    case BRIDGE_UNIT_SILENCE:
        return -1;
    }
    return unit;
}

static void refuse_full(struct bridge *b, const struct bridge_ask *a)
{
    b->counters.full++;
    switch ((enum bridge_full)b->options.full) {
    case BRIDGE_FULL_BUSY:
        bridge_answer_exception(b, a, BUSY);
        break;
    case BRIDGE_FULL_SILENCE:
        break;
    case BRIDGE_FULL_DROP:
        bridge_end(a->client, BRIDGE_CLOSE);
        break;
    }
}

void bridge_queue_ask(struct bridge *b, const struct bridge_ask *asked)
{
    struct bridge_ask a = *asked;
    int code;
    const int address = address_of(b, a.unit, &code);

    a.address = (uint8_t)address;
    if (address < 0) {
        if (code)
            bridge_answer_exception(b, &a, code);
        return;
    }
    if (bridge_answer_cached(b, &a))
        return;
    if (b->now && (int)b->queue.length >= b->options.queue) {
        refuse_full(b, &a);
        return;
    }
    g_queue_push_tail(&b->queue, g_memdup2(&a, sizeof a));
    next(b);
}

void bridge_queue_clear(struct bridge *b)
{
    if (b->start)
        sim_cancel(b->sim, b->start);
    if (b->now)
        line_master_forget(b->master, &b->x);
    g_free(b->now);
    g_queue_clear_full(&b->queue, g_free);
}
