/* A master on a line. See line_master.h. */
#include "sim/line/line_master.h"
#include "core/crc.h"
#include "sim/line/line_claim.h"
#include <string.h>

enum { SHORTEST = 5 /* address, function, code, CRC */ };

#define TAKEN_NS INT64_C(1000000) /* another one has the line: tried again after this */

/* Behind another master's request and t3.5: by then a meter's answer has begun
 * (LINK_RESPONSE_NS, up to 0.5 ms of its own, a character at 2400 baud). */
#define ANSWER_BEGINS_NS INT64_C(6000000)

struct line_master {
    struct line_station *station; /* NULL once the line is gone */
    struct line *line;
    struct line_master_options options;
    GQueue waiting;
    struct line_exchange *now;
    bool sent;     /* the request is out */
    bool too_late; /* the timeout has passed while a frame was coming in */
    bool stranger; /* a whole frame of another device came */
    uint64_t event;
    unsigned flags;
    int skip; /* bytes of the own echo that are still to come */
    int64_t last_ns;
    int64_t requests; /* on the line when this exchange began */
    bool disturbed;   /* the last one has failed beside another's request */
    GPtrArray *puts;  /* struct put: third parties, busy or not */
};

/* After an exchange that another's request may have spoilt, the next one begins up to
 * this much later: two clocks are never in step for ever. */
#define JITTER_NS 2e7

/* A third party: it drives the line for one exchange at a time and receives nothing. */
struct put {
    struct line_master *master;
    struct line_station *station;
    struct line_exchange *x; /* NULL: idle, or forgotten */
};

static const char *const names[LINE_RESULTS] = {
    "answered", "timeout",  "framing error",  "parity error", "bad crc",
    "echo",     "wrong id", "wrong function", "wrong length"
};

const char *line_result_name(enum line_result result)
{
    return names[result];
}

int line_master_finish(uint8_t *frame, int size)
{
    uint16_t crc = crc_modbus(frame, (uint32_t)size);

    frame[size] = (uint8_t)crc;
    frame[size + 1] = (uint8_t)(crc >> 8);
    return size + 2;
}

static int64_t silence_ns(const struct line_master *m)
{
    return line_wire_silence_ns(m->options.baud);
}

static void begin(void *user);

static void next(struct line_master *m)
{
    int64_t at_ns = sim_now(line_sim(m->line));

    if (m->now || !m->waiting.head || m->event || !m->station)
        return;
    if (m->disturbed)
        at_ns += (int64_t)(JITTER_NS * line_chance(m->line));
    m->disturbed = false;
    m->event = sim_at(line_sim(m->line), at_ns, begin, m);
}

static void stop_clock(struct line_master *m)
{
    if (m->event)
        sim_cancel(line_sim(m->line), m->event);
    m->event = 0;
}

static void finish(struct line_master *m, enum line_result result)
{
    struct line_exchange *x = m->now;

    stop_clock(m);
    line_release(m->line, m);
    m->now = NULL;
    m->disturbed = result != LINE_ANSWERED && line_requests(m->line, 0) > m->requests;
    x->result = result;
    next(m);
    x->done(x->user);
}

static void give_up(void *user)
{
    struct line_master *m = user;
    struct line_exchange *x = m->now;

    m->event = 0;
    if (x->kind == LINE_BROADCAST)
        finish(m, LINE_ANSWERED);
    else if (x->answer_size)
        m->too_late = true; /* the frame that comes in may end */
    else
        finish(m, m->stranger ? LINE_WRONG_ID : LINE_TIMEOUT);
}

static void send(struct line_master *m)
{
    struct line_exchange *x = m->now;

    m->sent = m->too_late = m->stranger = false;
    m->flags = 0;
    m->last_ns = 0;
    m->skip = m->options.echo == LINE_ECHO_REMOVED ? x->request_size : 0;
    x->answer_size = 0;
    x->answer_start_ns = x->answer_end_ns = 0;
    x->request_start_ns = sim_now(line_sim(m->line));
    m->requests = line_requests(m->line, 1);
    x->request_end_ns = line_send(m->station, x->request, x->request_size);
}

static const struct line_station_type master_type, put_type;

/* The last thing on the wire is a request of another. */
static bool is_answer_due(const struct line_master *m)
{
    const struct line_station *last = line_last_sender(m->line);

    return last && last != m->station &&
           (line_station_type_of(last) == &put_type ||
            line_station_type_of(last) == &master_type);
}

/* Silence of t3.5 and nobody else's exchange; else later. */
static bool is_free(struct line_master *m, int64_t *again_ns)
{
    const int64_t now_ns = sim_now(line_sim(m->line));
    int64_t quiet_ns = line_busy_until_ns(m->line) + silence_ns(m);

    if (m->options.alone)
        return true;
    if (is_answer_due(m))
        quiet_ns += ANSWER_BEGINS_NS;

    *again_ns = now_ns < quiet_ns ? quiet_ns : now_ns + TAKEN_NS;
    if (now_ns < quiet_ns && line_busy_until_ns(m->line) > 0)
        return false;
    return line_claim_in_turn(m->line, m);
}

static void begin(void *user)
{
    struct line_master *m = user;
    struct line_exchange *x = g_queue_peek_head(&m->waiting);
    int64_t again_ns;

    m->event = 0;
    if (!is_free(m, &again_ns)) {
        m->event = sim_at(line_sim(m->line), again_ns, begin, m);
        return;
    }
    g_queue_pop_head(&m->waiting);
    m->now = x;
    send(m);
}

/* --- the station --- */

static void uart(void *user, struct link_uart *uart)
{
    const struct line_master *m = user;

    *uart = (struct link_uart){ .baud = m->options.baud,
                                .parity = m->options.parity,
                                .receives_itself = m->options.echo != LINE_ECHO_NONE };
}

static void sent(void *user)
{
    struct line_master *m = user;

    if (!m->now || m->sent)
        return;
    m->sent = true;
    m->event = sim_at(line_sim(m->line), m->now->request_end_ns + m->now->timeout_ns,
                      give_up, m);
}

static void receive(void *user, uint8_t byte, unsigned flags)
{
    struct line_master *m = user;
    struct line_exchange *x = m->now;
    const int64_t now_ns = sim_now(line_sim(m->line));

    if (!x)
        return;
    if (m->skip > 0) {
        m->skip--;
        return;
    }
    if (x->answer_size == 0)
        x->answer_start_ns =
            now_ns -
            line_wire_span_ns(line_wire_bits(m->options.parity), m->options.baud);
    if (x->answer_size < LINE_ANSWER_MAX)
        x->answer[x->answer_size] = byte;
    x->answer_size++;
    x->answer_end_ns = m->last_ns = now_ns;
    m->flags |= flags;
}

static int64_t deadline_ns(void *user)
{
    const struct line_master *m = user;

    return m->now && m->last_ns ? m->last_ns + silence_ns(m) : INT64_MAX;
}

/* Of a whole answer of the device that was asked. */
static enum line_result judge_content(const struct line_exchange *x)
{
    const uint8_t *asked = x->request, *got = x->answer;

    if ((got[1] & 0x7F) != asked[1])
        return LINE_WRONG_FUNCTION;
    if (got[1] & 0x80)
        return x->answer_size == SHORTEST ? LINE_ANSWERED : LINE_WRONG_LENGTH;
    if (x->answer_size == x->request_size &&
        !memcmp(got, asked, (size_t)x->answer_size) && asked[1] != 6)
        return LINE_ECHO;
    if ((asked[1] == 3 || asked[1] == 4) &&
        (got[2] != 2 * (asked[4] << 8 | asked[5]) || x->answer_size != 5 + got[2]))
        return LINE_WRONG_LENGTH;
    if ((asked[1] == 6 || asked[1] == 16) &&
        (x->answer_size != 8 || memcmp(got + 2, asked + 2, 4) != 0))
        return LINE_WRONG_LENGTH;
    return LINE_ANSWERED;
}

static enum line_result judge(const struct line_master *m)
{
    const struct line_exchange *x = m->now;

    if (x->kind != LINE_REQUEST)
        return LINE_ANSWERED;
    if (x->answer_size < SHORTEST)
        return LINE_TIMEOUT;
    if (m->flags & METER_UART_FRAMING)
        return LINE_FRAMING;
    if (m->flags & METER_UART_PARITY)
        return LINE_PARITY;
    if (x->answer_size > LINE_ANSWER_MAX ||
        crc_modbus(x->answer, (uint32_t)x->answer_size) != 0)
        return LINE_BAD_CRC;
    return x->answer[0] == x->request[0] ? judge_content(x) : LINE_WRONG_ID;
}

/* Silence after a frame. Noise and answers of other devices are forgotten. */
static void run(void *user)
{
    struct line_master *m = user;
    struct line_exchange *x = m->now;
    bool counts = m->sent && x->kind != LINE_BROADCAST;
    enum line_result result = judge(m);
    bool forgets = result == LINE_TIMEOUT || result == LINE_WRONG_ID;

    m->last_ns = 0;
    m->stranger = m->stranger || (counts && result == LINE_WRONG_ID);
    if (counts && (!forgets || m->too_late)) {
        finish(m, m->stranger && forgets ? LINE_WRONG_ID : result);
        return;
    }
    m->flags = 0;
    x->answer_size = 0;
}

static void leave(void *user)
{
    struct line_master *m = user;

    stop_clock(m);
    m->station = NULL;
}

static const struct line_station_type master_type = { .uart = uart,
                                                      .receive = receive,
                                                      .sent = sent,
                                                      .deadline_ns = deadline_ns,
                                                      .run = run,
                                                      .free = leave };

struct line_master *line_master_new(struct line *l,
                                    const struct line_master_options *options)
{
    struct line_master *m = g_new0(struct line_master, 1);

    m->line = l;
    m->options = *options;
    g_queue_init(&m->waiting);
    m->puts = g_ptr_array_new_with_free_func(g_free);
    m->station = line_attach(l, &master_type, "master", m);
    if (!m->station) {
        g_ptr_array_unref(m->puts);
        g_free(m);
        return NULL;
    }
    return m;
}

/* --- third parties --- */

static void put_uart(void *user, struct link_uart *u)
{
    const struct put *p = user;

    uart(p->master, u);
}

static void put_sent(void *user)
{
    struct put *p = user;
    struct line_exchange *x = p->x;

    p->x = NULL;
    if (!x)
        return;
    x->result = LINE_ANSWERED;
    x->done(x->user);
}

static void put_leave(void *user)
{
    ((struct put *)user)->station = NULL;
}

static const struct line_station_type put_type = { .uart = put_uart,
                                                   .sent = put_sent,
                                                   .free = put_leave };

/* One that does not drive the line; NULL: there are too many stations. */
static struct put *idle_put(struct line_master *m)
{
    for (guint k = 0; k < m->puts->len; k++) {
        struct put *p = g_ptr_array_index(m->puts, k);
        if (!p->x && p->station && !line_is_sending(p->station))
            return p;
    }
    struct put *p = g_new0(struct put, 1);
    p->master = m;
    p->station = line_attach(m->line, &put_type, "third party", p);
    if (p->station) {
        g_ptr_array_add(m->puts, p);
        return p;
    }
    g_free(p);
    return NULL;
}

static void put(struct line_master *m, struct line_exchange *x)
{
    struct put *p = m->station ? idle_put(m) : NULL;

    x->answer_size = 0;
    x->answer_start_ns = x->answer_end_ns = 0;
    x->request_start_ns = sim_now(line_sim(m->line));
    if (!p) {
        x->request_end_ns = x->request_start_ns;
        x->result = LINE_TIMEOUT;
        x->done(x->user);
        return;
    }
    p->x = x;
    line_requests(m->line, 1);
    x->request_end_ns = line_send(p->station, x->request, x->request_size);
}

void line_master_free(struct line_master *m)
{
    if (!m)
        return;
    for (guint k = 0; k < m->puts->len; k++) {
        struct put *p = g_ptr_array_index(m->puts, k);
        if (p->station)
            line_detach(p->station);
    }
    g_ptr_array_unref(m->puts);
    if (m->station) {
        line_release(m->line, m);
        line_detach(m->station);
    }
    g_queue_clear(&m->waiting);
    g_free(m);
}

void line_master_set(struct line_master *m, const struct line_master_options *options)
{
    m->options = *options;
}

void line_master_start(struct line_master *m, struct line_exchange *x)
{
    if (x->kind == LINE_BYTES) {
        put(m, x);
        return;
    }
    g_queue_push_tail(&m->waiting, x);
    next(m);
}

void line_master_forget(struct line_master *m, struct line_exchange *x)
{
    for (guint k = 0; k < m->puts->len; k++) {
        struct put *p = g_ptr_array_index(m->puts, k);
        if (p->x == x)
            p->x = NULL;
    }
    g_queue_remove(&m->waiting, x);
    if (m->now != x) {
        if (!m->now && !m->waiting.head) {
            stop_clock(m);
            line_release(m->line, m);
        }
        return;
    }
    stop_clock(m);
    line_release(m->line, m);
    m->now = NULL;
    next(m);
}
