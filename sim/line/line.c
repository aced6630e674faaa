/* Stations, transmissions and receivers of a line. See line.h. Time stands still while
 * this runs: all comes from events of the simulation, and no unit is advanced past the
 * moment at which it may send (look). */
#include "sim/line/line_state.h"
#include <string.h>

/* The longest character, 11 bits at LINK_SLOWEST, may still be heard after the end of
 * the transmission that began it. */
#define MEMORY_NS INT64_C(80000000)

static void free_line(struct line *l)
{
    if (l->free_traffic)
        l->free_traffic(l->traffic);
    while (l->stations->len)
        line_detach(g_ptr_array_index(l->stations, l->stations->len - 1));
    g_ptr_array_unref(l->stations);
    g_ptr_array_unref(l->ears);
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
    l->ears = g_ptr_array_new_with_free_func(g_free);
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

bool line_claim(struct line *l, const void *who)
{
    if (l->claimed_by && l->claimed_by != who)
        return false;
    l->claimed_by = who;
    return true;
}

void line_release(struct line *l, const void *who)
{
    if (l->claimed_by == who)
        l->claimed_by = NULL;
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

/* --- listening --- */

static bool same_ear(const struct link_uart *a, const struct link_uart *b)
{
    return a->baud == b->baud && a->parity == b->parity && a->inverted == b->inverted;
}

static struct line_ear *ear_of(struct line *l, const struct link_uart *uart)
{
    for (guint k = 0; k < l->ears->len; k++) {
        struct line_ear *ear = g_ptr_array_index(l->ears, k);
        if (same_ear(&ear->uart, uart))
            return ear;
    }
    struct line_ear *ear = g_new0(struct line_ear, 1);
    *ear = (struct line_ear){
        .line = l, .uart = *uart, .from_ns = sim_now(l->sim) - 1, .edge_ns = INT64_MAX
    };
    g_ptr_array_add(l->ears, ear);
    return ear;
}

/* Settings change between two transmissions, or while one is on the wire: then at the
 * next change. */
static void ask_stations(struct line *l)
{
    for (guint k = 0; k < l->stations->len; k++) {
        struct line_station *s = g_ptr_array_index(l->stations, k);
        s->type->uart(s->user, &s->uart);
        s->ear = s->uart.silent || !s->type->receive ? NULL : ear_of(l, &s->uart);
    }
}

static bool has_listeners(const struct line_ear *ear)
{
    for (guint k = 0; k < ear->line->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(ear->line->stations, k);
        if (s->ear == ear)
            return true;
    }
    return false;
}

static int64_t ear_span_ns(const struct line_ear *ear, int64_t half_bits)
{
    return line_wire_span_ns(half_bits, 2 * ear->uart.baud);
}

static int ear_bits(const struct line_ear *ear)
{
    return line_wire_bits(ear->uart.parity);
}

static void hear(void *user);

/* Waits for the next start bit, from from_ns on. */
static void plan(struct line_ear *ear)
{
    struct line *l = ear->line;

    if (ear->event)
        sim_cancel(l->sim, ear->event);
    ear->event = 0;
    ear->edge_ns = line_wire_edge(&l->wire, ear->from_ns, ear->uart.inverted);
    if (ear->edge_ns == INT64_MAX)
        return;
    ear->event =
        sim_at(l->sim, ear->edge_ns + ear_span_ns(ear, 2 * ear_bits(ear)), hear, ear);
}

void line_changed(struct line *l)
{
    const int64_t now_ns = sim_now(l->sim);

    ask_stations(l);
    for (guint k = 0; k < l->ears->len; k++) {
        struct line_ear *ear = g_ptr_array_index(l->ears, k);
        bool listens = has_listeners(ear);
        if (listens && ear->event && ear->edge_ns < now_ns)
            continue;    /* in the middle of a character */
        if (!ear->event) /* nothing has fallen so far */
            ear->from_ns = MAX(ear->from_ns, now_ns - 1);
        if (listens) {
            plan(ear);
        } else if (ear->event) {
            sim_cancel(l->sim, ear->event);
            ear->event = 0;
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

static void look(void *user);

/* Sees to it that time stops where a station ends a frame. */
static void plan_look(struct line *l)
{
    int64_t first_ns = INT64_MAX;

    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->type->deadline_ns) {
            int64_t at_ns = s->type->deadline_ns(s->user);
            first_ns = MIN(first_ns, at_ns);
        }
    }
    if (first_ns == INT64_MAX || (l->look_event && l->look_ns <= first_ns))
        return;
    if (l->look_event)
        sim_cancel(l->sim, l->look_event);
    l->look_ns = first_ns;
    l->look_event = sim_at(l->sim, first_ns, look, l);
}

/* The deadline may have moved on since it was planned. */
static void look(void *user)
{
    struct line *l = user;
    const int64_t now_ns = sim_now(l->sim);

    l->look_event = 0;
    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->type->run && s->type->deadline_ns(s->user) <= now_ns)
            s->type->run(s->user);
    }
    plan_look(l);
}

static void deliver(struct line_ear *ear, uint8_t byte, unsigned flags)
{
    struct line *l = ear->line;
    const int64_t now_ns = sim_now(l->sim);

    for (guint k = 0; k < l->stations->len; k++) {
        const struct line_station *s = g_ptr_array_index(l->stations, k);
        if (s->ear == ear &&
            (s->uart.hears_itself || !was_driving(s, ear->edge_ns, now_ns)))
            s->type->receive(s->user, byte, flags);
    }
    plan_look(l);
}

/* A level at the middle of bit n of the character that is being heard. */
static int sample(const struct line_ear *ear, int n)
{
    int64_t at_ns = ear->edge_ns + ear_span_ns(ear, 2 * n + 1);

    return line_wire_level(&ear->line->wire, at_ns) ^ ear->uart.inverted;
}

static uint8_t sample_byte(const struct line_ear *ear, unsigned *flags)
{
    unsigned byte = 0, ones = 0;

    for (int bit = 0; bit < 8; bit++)
        byte |= (unsigned)sample(ear, 1 + bit) << bit;
    for (unsigned rest = byte; rest; rest >>= 1)
        ones += rest & 1;
    *flags = sample(ear, ear_bits(ear) - 1) ? 0 : METER_UART_FRAMING;
    if (ear->uart.parity != HAL_PARITY_NONE &&
        ((ones + (unsigned)sample(ear, 9)) & 1) != (ear->uart.parity == HAL_PARITY_ODD))
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
static void hear(void *user)
{
    struct line_ear *ear = user;
    bool starts = sample(ear, 0) == 0;
    unsigned flags;

    ear->event = 0;
    cut_silenced(ear->line);
    if (starts && !is_stuck(ear->line)) {
        uint8_t byte = sample_byte(ear, &flags);
        deliver(ear, byte, flags);
    }
    ear->from_ns = ear->edge_ns + ear_span_ns(ear, starts ? 2 * ear_bits(ear) - 1 : 1);
    plan(ear);
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
