/* Stations, transmissions and receivers of a line. See line.h. Time stands still while
 * this runs: all comes from events of the simulation, and no unit is advanced past the
 * moment at which it may send (run_deadlines). */
#include "sim/line/line_claim.h"
#include "sim/line/line_signal.h"
#include "waveform/base/random.h"
#include <string.h>

/* The longest character, 11 bits at LINK_SLOWEST, may still arrive after the end of
 * the transmission that began it. */
#define MEMORY_NS INT64_C(80000000)

static void free_line(struct line *l)
{
    if (l->free_traffic)
        l->free_traffic(l->traffic);
    while (l->stations->len)
        line_detach(g_ptr_array_index(l->stations, l->stations->len - 1));
    g_ptr_array_unref(l->stations);
    g_ptr_array_unref(l->receivers);
    line_wire_clear(&l->wire);
    g_free(l);
}

struct line *line_new(struct sim *s, const char *name, uint64_t seed)
{
    struct line *l = g_new0(struct line, 1);

    l->sim = s;
    l->random = seed ^ 0x2545F4914F6CDD1Du;
    g_strlcpy(l->name, name, sizeof l->name);
    l->stations = g_ptr_array_new();
    l->receivers = g_ptr_array_new_with_free_func(g_free);
    line_wire_start(&l->wire);
    sim_add_line(s, l, free_line);
    return l;
}

struct line *line_at(struct sim *s, int index)
{
    return sim_line(s, index);
}

const char *line_name(const struct line *l)
{
    return l->name;
}

struct sim *line_sim(const struct line *l)
{
    return l->sim;
}

struct line_station *line_attach(struct line *l, const struct line_station_type *type,
                                 const char *name, void *user)
{
    if (l->stations->len >= LINE_STATIONS_MAX)
        return NULL;
    struct line_station *s = g_new0(struct line_station, 1);
    s->line = l;
    s->type = type;
    s->user = user;
    g_strlcpy(s->name, name, sizeof s->name);
    g_ptr_array_add(l->stations, s);
    line_changed(l);
    return s;
}

void line_detach(struct line_station *s)
{
    struct line *l = s->line;

    if (s->sending)
        line_wire_cut(s->sending, MIN(s->sending->sent.end_ns, sim_now(l->sim)));
    if (s->type->free)
        s->type->free(s->user);
    for (guint k = 0; k < l->wire.sent->len; k++) {
        struct line_transmission *t = g_ptr_array_index(l->wire.sent, k);
        if (t->sent.sender == s)
            t->sent.sender = NULL;
    }
    line_release(l, s);
    g_ptr_array_remove(l->stations, s);
    g_free(s);
}

void *line_station_user(const struct line_station *s)
{
    return s->user;
}

struct line *line_of_station(const struct line_station *s)
{
    return s->line;
}

const struct line_station_type *line_station_type_of(const struct line_station *s)
{
    return s->type;
}

struct line_station *line_station_at(const struct line *l, int index)
{
    return index < (int)l->stations->len ? g_ptr_array_index(l->stations, (guint)index)
                                         : NULL;
}

void line_set_listener(struct line *l, line_listener listener, void *user)
{
    l->listener = listener;
    l->listener_user = user;
}

void line_counters(const struct line *l, struct line_counters *counters)
{
    *counters = l->counters;
}

int64_t line_busy_until_ns(const struct line *l)
{
    int64_t end_ns = 0;

    for (guint k = 0; k < l->wire.sent->len; k++) {
        const struct line_transmission *t = g_ptr_array_index(l->wire.sent, k);
        end_ns = MAX(end_ns, t->sent.end_ns);
    }
    return end_ns;
}

const struct line_station *line_last_sender(const struct line *l)
{
    const struct line_station *last = NULL;
    int64_t end_ns = 0;

    for (guint k = 0; k < l->wire.sent->len; k++) {
        const struct line_transmission *t = g_ptr_array_index(l->wire.sent, k);
        if (t->sent.end_ns > end_ns) {
            end_ns = t->sent.end_ns;
            last = t->sent.sender;
        }
    }
    return last;
}

int64_t line_requests(struct line *l, int more)
{
    return l->requests += more;
}

double line_chance(struct line *l)
{
    return random_share(&l->random);
}

bool line_is_sending(const struct line_station *s)
{
    return s->sending != NULL;
}

/* --- listening --- */

static bool same_receiver(const struct link_uart *a, const struct link_uart *b)
{
    return a->baud == b->baud && a->parity == b->parity && a->inverted == b->inverted;
}

static struct line_receiver *receiver_of(struct line *l, const struct link_uart *uart)
{
    for (guint k = 0; k < l->receivers->len; k++) {
        struct line_receiver *receiver = g_ptr_array_index(l->receivers, k);
        if (same_receiver(&receiver->uart, uart))
            return receiver;
    }
    struct line_receiver *receiver = g_new0(struct line_receiver, 1);
    *receiver = (struct line_receiver){
        .line = l, .uart = *uart, .from_ns = sim_now(l->sim) - 1, .edge_ns = INT64_MAX
    };
    g_ptr_array_add(l->receivers, receiver);
    return receiver;
}

void line_set_cable(struct line *l, const struct line_cable *cable)
{
    l->cable = *cable;
    line_changed(l);
}

const struct line_cable *line_cable(const struct line *l)
{
    return &l->cable;
}

/* Settings change between two transmissions, or while one is on the wire: then at the
 * next change. */
static void update_stations(struct line *l)
{
    for (guint k = 0; k < l->stations->len; k++) {
        struct line_station *s = g_ptr_array_index(l->stations, k);
        s->type->uart(s->user, &s->uart);
        s->receiver =
            s->uart.silent || !s->type->receive ? NULL : receiver_of(l, &s->uart);
    }
    line_signal_update(l);
}

static bool has_listeners(const struct line_receiver *receiver)
{
    for (guint k = 0; k < receiver->line->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(receiver->line->stations, k);
        if (s->receiver == receiver)
            return true;
    }
    return false;
}

static int64_t receiver_span_ns(const struct line_receiver *receiver, int64_t half_bits)
{
    return line_wire_span_ns(half_bits, 2 * receiver->uart.baud);
}

static int receiver_bits(const struct line_receiver *receiver)
{
    return line_wire_bits(receiver->uart.parity);
}

static void end_character(void *user);

/* Waits for the next start bit, from from_ns on. */
static void plan(struct line_receiver *receiver)
{
    struct line *l = receiver->line;

    if (receiver->event)
        sim_cancel(l->sim, receiver->event);
    receiver->event = 0;
    receiver->edge_ns =
        line_wire_edge(&l->wire, receiver->from_ns, receiver->uart.inverted);
    if (receiver->edge_ns == INT64_MAX)
        return;
    receiver->event = sim_at(
        l->sim,
        receiver->edge_ns + receiver_span_ns(receiver, 2 * receiver_bits(receiver)),
        end_character, receiver);
}

void line_changed(struct line *l)
{
    const int64_t now_ns = sim_now(l->sim);

    update_stations(l);
    for (guint k = 0; k < l->receivers->len; k++) {
        struct line_receiver *receiver = g_ptr_array_index(l->receivers, k);
        bool listens = has_listeners(receiver);
        if (listens && receiver->event && receiver->edge_ns < now_ns)
            continue;         /* in the middle of a character */
        if (!receiver->event) /* nothing has fallen so far */
            receiver->from_ns = MAX(receiver->from_ns, now_ns - 1);
        if (listens) {
            plan(receiver);
        } else if (receiver->event) {
            sim_cancel(l->sim, receiver->event);
            receiver->event = 0;
        }
    }
}

/* Was the station's own driver on at a moment of from…to? */
static bool was_driving(const struct line_station *s, int64_t from_ns, int64_t to_ns)
{
    for (guint k = 0; k < s->line->wire.sent->len; k++) {
        const struct line_transmission *t = g_ptr_array_index(s->line->wire.sent, k);
        if (t->sent.sender == s && t->sent.start_ns < to_ns && from_ns < t->sent.end_ns)
            return true;
    }
    return false;
}

static bool is_stuck(const struct line *l)
{
    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->uart.stuck)
            return true;
    }
    return false;
}

static void run_deadlines(void *user);

/* Sees to it that time stops where a station ends a frame. */
static void plan_deadline(struct line *l)
{
    int64_t first_ns = INT64_MAX;

    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->type->deadline_ns) {
            int64_t at_ns = s->type->deadline_ns(s->user);
            first_ns = MIN(first_ns, at_ns);
        }
    }
    if (first_ns == INT64_MAX || (l->deadline_event && l->deadline_at_ns <= first_ns))
        return;
    if (l->deadline_event)
        sim_cancel(l->sim, l->deadline_event);
    l->deadline_at_ns = first_ns;
    l->deadline_event = sim_at(l->sim, first_ns, run_deadlines, l);
}

/* The deadline may have moved on since it was planned. */
static void run_deadlines(void *user)
{
    struct line *l = user;
    const int64_t now_ns = sim_now(l->sim);

    l->deadline_event = 0;
    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->type->run && s->type->deadline_ns(s->user) <= now_ns)
            s->type->run(s->user);
    }
    plan_deadline(l);
}

static void deliver(struct line_receiver *receiver, uint8_t byte, unsigned flags)
{
    struct line *l = receiver->line;
    const int64_t now_ns = sim_now(l->sim);

    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->receiver == receiver &&
            (s->uart.receives_itself || !was_driving(s, receiver->edge_ns, now_ns)))
            s->type->receive(s->user, byte, flags);
    }
    plan_deadline(l);
}

/* A level at the middle of bit n of the character that is being received. */
static int sample(const struct line_receiver *receiver, int n)
{
    int64_t at_ns = receiver->edge_ns + receiver_span_ns(receiver, 2 * n + 1);
    struct line *l = receiver->line;

    if (line_signal_is_undefined(l, at_ns))
        return (int)(random_next(&l->random) & 1);
    return line_wire_level(&l->wire, at_ns) ^ receiver->uart.inverted;
}

static uint8_t sample_byte(const struct line_receiver *receiver, unsigned *flags)
{
    unsigned byte = 0, ones = 0;

    for (int bit = 0; bit < 8; bit++)
        byte |= (unsigned)sample(receiver, 1 + bit) << bit;
    for (unsigned rest = byte; rest; rest >>= 1)
        ones += rest & 1;
    *flags = sample(receiver, receiver_bits(receiver) - 1) ? 0 : METER_UART_FRAMING;
    if (receiver->uart.parity != HAL_PARITY_NONE &&
        ((ones + (unsigned)sample(receiver, 9)) & 1) !=
            (receiver->uart.parity == HAL_PARITY_ODD))
        *flags |= METER_UART_PARITY;
    return (uint8_t)byte;
}

/* A meter that has lost its power stops in the middle of a bit. */
static void cut_silenced(struct line *l)
{
    for (guint k = 0; k < l->stations->len; k++) {
        struct line_station *s = g_ptr_array_index(l->stations, k);
        if (!s->sending)
            continue;
        s->type->uart(s->user, &s->uart);
        if (s->uart.silent && s->sending->sent.end_ns > sim_now(l->sim))
            line_wire_cut(s->sending, sim_now(l->sim));
    }
}

/* The end of a character. */
static void end_character(void *user)
{
    struct line_receiver *receiver = user;
    bool starts = sample(receiver, 0) == 0;
    unsigned flags;

    receiver->event = 0;
    cut_silenced(receiver->line);
    if (starts && !is_stuck(receiver->line)) {
        uint8_t byte = sample_byte(receiver, &flags);
        deliver(receiver, byte, flags);
    }
    receiver->from_ns =
        receiver->edge_ns +
        receiver_span_ns(receiver, starts ? 2 * receiver_bits(receiver) - 1 : 1);
    plan(receiver);
}

/* --- sending --- */

static void note_collisions(struct line *l, struct line_transmission *t)
{
    for (guint k = 0; k < l->wire.sent->len; k++) {
        struct line_transmission *other = g_ptr_array_index(l->wire.sent, k);
        if (other == t || other->sent.end_ns <= t->sent.start_ns ||
            t->sent.end_ns <= other->sent.start_ns)
            continue;
        l->counters.collisions += !t->sent.collided;
        t->sent.collided = other->sent.collided = true;
    }
}

static struct line_station *sender_of(struct line *l, const struct line_transmission *t)
{
    for (guint k = 0; k < l->stations->len; k++) {
        struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->sending == t)
            return s;
    }
    return NULL;
}

static void end_transmission(void *user)
{
    struct line_transmission *t = user;
    struct line *l = t->owner;

    cut_silenced(l);
    if (t->sent.end_ns > sim_now(l->sim)) { /* more was appended */
        sim_at(l->sim, t->sent.end_ns, end_transmission, t);
        return;
    }
    t->over = true;
    struct line_station *s = sender_of(l, t);
    if (s)
        s->sending = NULL;
    if (l->listener)
        l->listener(l->listener_user, &t->sent);
    if (s && s->type->sent)
        s->type->sent(s->user);
    line_wire_forget(&l->wire, sim_now(l->sim) - MEMORY_NS);
    line_signal_float(l);
}

static void begin(struct line_station *s)
{
    struct line *l = s->line;
    struct line_sent sent = { .sender = s, .start_ns = sim_now(l->sim) };

    s->type->uart(s->user, &s->uart);
    sent.baud = s->uart.baud;
    sent.parity = s->uart.parity;
    sent.inverted = s->uart.inverted;
    g_strlcpy(sent.name, s->name, sizeof sent.name);
    s->sending = line_wire_add(&l->wire, sent);
    s->sending->owner = l;
    l->counters.transmissions++;
}

void line_cut(struct line_station *s)
{
    const int64_t now_ns = sim_now(s->line->sim);

    if (!s->sending || s->sending->sent.end_ns <= now_ns)
        return;
    line_wire_cut(s->sending, now_ns);
    line_changed(s->line);
}

int64_t line_send(struct line_station *s, const uint8_t *bytes, int size)
{
    struct line *l = s->line;
    bool begins = !s->sending;

    if (begins)
        begin(s);
    line_wire_append(s->sending, bytes, size);
    note_collisions(l, s->sending);
    if (begins)
        sim_at(l->sim, s->sending->sent.end_ns, end_transmission, s->sending);
    line_changed(l);
    return s->sending->sent.end_ns;
}
