/* What else is on a line: pulses of noise, and other devices with their master. Times
 * and contents come from the line's seed; intervals are spread evenly from nothing to
 * twice their mean. */
#include "sim/line/line_traffic.h"
#include "core/crc.h"
#include "sim/line/line_claim.h"
#include "sim/line/line_master.h"
#include "sim/line/line_state.h"
#include "waveform/base/random.h"
#include <string.h>

enum {
    FOREIGN_ID = 248, /* reserved, so it is no meter's */
    FOREIGN_WORDS_MAX = 20
};

/* A foreign device takes so long after its request's t3.5. */
#define FOREIGN_RESPONSE_NS INT64_C(2000000)
#define FOREIGN_TIMEOUT_NS  INT64_C(200000000)
#define LINE_TAKEN_NS       INT64_C(20000000) /* a polite master tries again after this */

struct line_traffic {
    double pulses_per_s;
    int64_t width_ns, every_ns;
    bool other_master;
    uint64_t pulse_event, foreign_event;
    struct line_station *station;
    struct link_uart uart;
    int words; /* of the request that is to be answered; 0: none */
    /* The master of our own meters. */
    struct line_master *master;
    struct line_exchange x;
    bool asking;
    int ids;
    uint8_t id[LINE_FOREIGN_IDS];
};

static void free_traffic(struct line_traffic *t)
{
    line_master_free(t->master);
    g_free(t);
}

static struct line_traffic *traffic_of(struct line *l)
{
    if (!l->traffic) {
        l->traffic = g_new0(struct line_traffic, 1);
        l->free_traffic = free_traffic;
    }
    return l->traffic;
}

static void plan_pulse(struct line *l);

/* What the pulse must overcome: the signal, down to the threshold. */
static bool is_high_enough(struct line *l, int64_t now_ns)
{
    if (l->faulted.length_m <= 0)
        return true;
    double signal_mv =
        line_wire_is_driven(&l->wire, now_ns) ? l->signal.far_mv : l->signal.idle_mv;
    return line_cable_pulse_mv(&l->faulted, random_share(&l->random)) >
           MAX(0, signal_mv - LINE_THRESHOLD_MV);
}

static void pulse(void *user)
{
    struct line *l = user;
    const int64_t now_ns = sim_now(l->sim);
    double width = (double)l->traffic->width_ns * (0.5 + random_share(&l->random));
    const struct line_pulse p = { now_ns, now_ns + (int64_t)width + 1 };

    line_wire_forget(&l->wire, now_ns - INT64_C(80000000));
    if (is_high_enough(l, now_ns)) {
        g_array_append_val(l->wire.pulses, p);
        l->counters.pulses++;
        line_changed(l);
    }
    plan_pulse(l);
}

static void plan_pulse(struct line *l)
{
    struct line_traffic *t = l->traffic;

    t->pulse_event = 0;
    if (t->pulses_per_s > 0)
        t->pulse_event =
            sim_at(l->sim,
                   sim_now(l->sim) +
                       (int64_t)(2e9 * random_share(&l->random) / t->pulses_per_s),
                   pulse, l);
}

void line_set_noise(struct line *l, double per_s, int64_t width_ns)
{
    struct line_traffic *t = traffic_of(l);

    if (t->pulse_event)
        sim_cancel(l->sim, t->pulse_event);
    t->pulses_per_s = per_s;
    t->width_ns = width_ns;
    plan_pulse(l);
}

/* --- other devices --- */

static const struct line_station_type foreign_type;

/* They speak as the line's first station does. */
static void foreign_uart(void *user, struct link_uart *uart)
{
    struct line *l = user;
    struct line_station *first = line_station_at(l, 0);

    struct link_uart own = { .baud = 19200 };

    if (first && first->type != &foreign_type)
        first->type->uart(first->user, &own);
    *uart = (struct link_uart){ .baud = own.baud, .parity = own.parity };
}

static void plan_foreign(struct line *l, int64_t after_ns);

static void send_frame(struct line *l, uint8_t *frame, int size)
{
    uint16_t crc = crc_modbus(frame, (uint32_t)size);

    frame[size] = (uint8_t)crc;
    frame[size + 1] = (uint8_t)(crc >> 8);
    line_send(l->traffic->station, frame, size + 2);
}

static void foreign_answer(void *user)
{
    struct line *l = user;
    struct line_traffic *t = l->traffic;
    uint8_t frame[5 + 2 * FOREIGN_WORDS_MAX] = { FOREIGN_ID, 3,
                                                 (uint8_t)(2 * t->words) };

    t->foreign_event = 0;
    for (int k = 0; k < 2 * t->words; k++)
        frame[3 + k] = (uint8_t)random_next(&l->random);
    send_frame(l, frame, 3 + 2 * t->words);
    t->words = 0;
}

static void on_answer(void *user)
{
    struct line *l = user;
    struct line_traffic *t = l->traffic;

    t->asking = false;
    plan_foreign(l, (int64_t)(2 * random_share(&l->random) * (double)t->every_ns));
}

/* Of one of our own meters, from its first registers. */
static void ask_ours(struct line *l)
{
    struct line_traffic *t = l->traffic;
    struct link_uart own;

    foreign_uart(l, &own);
    const struct line_master_options options = { .baud = own.baud,
                                                 .parity = own.parity,
                                                 .alone = t->other_master };
    if (!t->master)
        t->master = line_master_new(l, &options);
    if (!t->master)
        return;
    line_master_set(t->master, &options);
    const uint8_t words = (uint8_t)(1 + random_next(&l->random) % FOREIGN_WORDS_MAX);
    const uint8_t request[6] = {
        t->id[random_next(&l->random) % (unsigned)t->ids], 3, 0, 0, 0, words
    };
    t->x = (struct line_exchange){ .timeout_ns = FOREIGN_TIMEOUT_NS,
                                   .done = on_answer,
                                   .user = l };
    memcpy(t->x.request, request, sizeof request);
    t->x.request_size = line_master_finish(t->x.request, sizeof request);
    t->asking = true;
    l->counters.foreign++;
    line_master_start(t->master, &t->x);
}

static void foreign_request(void *user)
{
    struct line *l = user;
    struct line_traffic *t = l->traffic;

    t->foreign_event = 0;
    if (t->ids) {
        ask_ours(l);
        return;
    }
    if (!t->other_master && !line_claim(l, t)) {
        plan_foreign(l, LINE_TAKEN_NS);
        return;
    }
    t->words = 1 + (int)(random_next(&l->random) % FOREIGN_WORDS_MAX);
    uint64_t reg = random_next(&l->random);
    uint8_t frame[8] = { FOREIGN_ID,           3, (uint8_t)(reg >> 8 & 0x0F),
                         (uint8_t)(reg & 255), 0, (uint8_t)t->words };
    l->counters.foreign++;
    send_frame(l, frame, 6);
}

/* A frame of either is out. The line is left to others 4 ms after the answer, so that
 * they find silence. */
static void foreign_sent(void *user)
{
    struct line *l = user;
    struct line_traffic *t = l->traffic;

    if (t->words) {
        int64_t silence_ns = line_wire_span_ns(39, t->station->uart.baud);
        t->foreign_event =
            sim_at(l->sim, sim_now(l->sim) + silence_ns + FOREIGN_RESPONSE_NS,
                   foreign_answer, l);
        return;
    }
    line_release(l, t);
    plan_foreign(l, (int64_t)(2 * random_share(&l->random) * (double)t->every_ns));
}

static const struct line_station_type foreign_type = { .uart = foreign_uart,
                                                       .sent = foreign_sent };

static void plan_foreign(struct line *l, int64_t after_ns)
{
    struct line_traffic *t = l->traffic;

    t->foreign_event = 0;
    if (t->every_ns > 0)
        t->foreign_event =
            sim_at(l->sim, sim_now(l->sim) + after_ns, foreign_request, l);
}

void line_set_foreign(struct line *l, int64_t every_ns, bool other_master)
{
    struct line_traffic *t = traffic_of(l);
    bool speaks = t->station && t->station->sending;

    t->every_ns = every_ns;
    t->other_master = other_master;
    if (!t->station && every_ns > 0)
        t->station = line_attach(l, &foreign_type, "other devices", l);
    if (t->words || speaks ||
        t->asking) /* an exchange is under way and plans the next */
        return;
    if (t->foreign_event)
        sim_cancel(l->sim, t->foreign_event);
    plan_foreign(l, (int64_t)(2 * random_share(&l->random) * (double)every_ns));
}

void line_set_foreign_ids(struct line *l, const uint8_t *id, int count)
{
    struct line_traffic *t = traffic_of(l);

    t->ids = MIN(count, LINE_FOREIGN_IDS);
    memcpy(t->id, id, (size_t)t->ids);
}
