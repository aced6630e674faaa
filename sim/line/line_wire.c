/* The wire of an RS-485 line. See line_wire.h. */
#include "sim/line/line_wire.h"

enum { DATA_BITS = 8 };
#define SECOND_NS INT64_C(1000000000)

static void free_transmission(void *data)
{
    struct line_transmission *t = data;

    g_byte_array_unref(t->bytes);
    g_free(t);
}

void line_wire_start(struct line_wire *w)
{
    w->sent = g_ptr_array_new_with_free_func(free_transmission);
    w->pulses = g_array_new(FALSE, FALSE, sizeof(struct line_pulse));
    w->floats = g_array_new(FALSE, FALSE, sizeof(struct line_pulse));
}

void line_wire_clear(struct line_wire *w)
{
    g_ptr_array_unref(w->sent);
    g_array_unref(w->pulses);
    g_array_unref(w->floats);
}

int line_wire_bits(enum hal_parity parity)
{
    return parity == HAL_PARITY_NONE ? 10 : 11;
}

int64_t line_wire_span_ns(int64_t bits, uint32_t baud)
{
    return bits * SECOND_NS / baud;
}

int64_t line_wire_silence_ns(uint32_t baud)
{
    return baud <= 19200 ? line_wire_span_ns(77, 2 * baud) + 1 : 1750000;
}

struct line_transmission *line_wire_add(struct line_wire *w, struct line_sent sent)
{
    struct line_transmission *t = g_new0(struct line_transmission, 1);

    t->sent = sent;
    t->bytes = g_byte_array_new();
    g_ptr_array_add(w->sent, t);
    return t;
}

void line_wire_append(struct line_transmission *t, const uint8_t *bytes, int size)
{
    struct line_sent *s = &t->sent;

    g_byte_array_append(t->bytes, bytes, (guint)size);
    s->byte = t->bytes->data;
    s->size = (int)t->bytes->len;
    s->end_ns =
        s->start_ns +
        line_wire_span_ns((int64_t)s->size * line_wire_bits(s->parity), s->baud);
}

void line_wire_cut(struct line_transmission *t, int64_t at_ns)
{
    struct line_sent *s = &t->sent;
    const int64_t bits = (at_ns - s->start_ns) * s->baud / SECOND_NS;

    s->end_ns = at_ns;
    s->size = MIN(s->size, (int)(bits / line_wire_bits(s->parity)));
}

static void forget_pulses(GArray *pulses, int64_t ns)
{
    guint kept = 0;

    for (guint k = 0; k < pulses->len; k++) {
        struct line_pulse pulse = g_array_index(pulses, struct line_pulse, k);
        if (pulse.end_ns >= ns)
            g_array_index(pulses, struct line_pulse, kept++) = pulse;
    }
    g_array_set_size(pulses, kept);
}

void line_wire_forget(struct line_wire *w, int64_t ns)
{
    for (guint k = w->sent->len; k-- > 0;) {
        const struct line_transmission *t = g_ptr_array_index(w->sent, k);
        if (t->over && t->sent.end_ns < ns)
            g_ptr_array_remove_index(w->sent, k);
    }
    forget_pulses(w->pulses, ns);
    forget_pulses(w->floats, ns);
}

static bool parity_bit(uint8_t byte, enum hal_parity parity)
{
    byte ^= byte >> 4;
    byte ^= byte >> 2;
    byte ^= byte >> 1;
    return (byte & 1) ^ (parity == HAL_PARITY_ODD);
}

/* The number of the bit that is on the wire; its first instant counts. */
static int64_t bit_at(const struct line_sent *s, int64_t t_ns)
{
    int64_t n = (t_ns - s->start_ns) * s->baud / SECOND_NS;

    return s->start_ns + line_wire_span_ns(n + 1, s->baud) <= t_ns ? n + 1 : n;
}

static int driven_level(const struct line_sent *s, int64_t t_ns)
{
    const int bits = line_wire_bits(s->parity);
    int64_t n = bit_at(s, t_ns), at = n / bits, bit = n % bits;
    int level = 1;

    if (at < s->size && bit == 0)
        level = 0;
    else if (at < s->size && bit <= DATA_BITS)
        level = s->byte[at] >> (bit - 1) & 1;
    else if (at < s->size && bit < bits - 1)
        level = parity_bit(s->byte[at], s->parity);
    return level ^ s->inverted;
}

static bool is_driving(const struct line_sent *s, int64_t t_ns)
{
    return s->start_ns <= t_ns && t_ns < s->end_ns;
}

bool line_wire_is_driven(const struct line_wire *w, int64_t t_ns)
{
    for (guint k = 0; k < w->sent->len; k++) {
        const struct line_transmission *t = g_ptr_array_index(w->sent, k);
        if (is_driving(&t->sent, t_ns))
            return true;
    }
    return false;
}

static int pulses_at(const GArray *pulses, int64_t t_ns)
{
    int count = 0;

    for (guint k = 0; k < pulses->len; k++) {
        const struct line_pulse *p = &g_array_index(pulses, struct line_pulse, k);
        count += p->start_ns <= t_ns && t_ns < p->end_ns;
    }
    return count;
}

int line_wire_level(const struct line_wire *w, int64_t t_ns)
{
    bool driven = false;
    int level = 1;

    for (guint k = 0; k < w->sent->len; k++) {
        const struct line_transmission *t = g_ptr_array_index(w->sent, k);
        if (is_driving(&t->sent, t_ns)) {
            level &= driven_level(&t->sent, t_ns);
            driven = true;
        }
    }
    if (!driven && pulses_at(w->floats, t_ns))
        level = 0;
    return level ^ (pulses_at(w->pulses, t_ns) & 1);
}

/* The first instant after t_ns at which this transmission may change the level. */
static int64_t next_change(const struct line_sent *s, int64_t t_ns)
{
    if (t_ns < s->start_ns)
        return s->start_ns;
    if (t_ns >= s->end_ns)
        return INT64_MAX;
    return MIN(s->end_ns,
               s->start_ns + line_wire_span_ns(bit_at(s, t_ns) + 1, s->baud));
}

static int64_t next_pulse_change(const GArray *pulses, int64_t t_ns)
{
    int64_t next = INT64_MAX;

    for (guint k = 0; k < pulses->len; k++) {
        const struct line_pulse *p = &g_array_index(pulses, struct line_pulse, k);
        if (t_ns < p->end_ns)
            next = MIN(next, t_ns < p->start_ns ? p->start_ns : p->end_ns);
    }
    return next;
}

static int64_t next_instant(const struct line_wire *w, int64_t t_ns)
{
    int64_t next = INT64_MAX;

    for (guint k = 0; k < w->sent->len; k++) {
        const struct line_transmission *t = g_ptr_array_index(w->sent, k);
        int64_t change = next_change(&t->sent, t_ns);
        next = MIN(next, change);
    }
    int64_t pulse = next_pulse_change(w->pulses, t_ns),
            floating = next_pulse_change(w->floats, t_ns);
    return MIN(next, MIN(pulse, floating));
}

int64_t line_wire_edge(const struct line_wire *w, int64_t from_ns, int level)
{
    int before = line_wire_level(w, from_ns);

    for (int64_t t = next_instant(w, from_ns); t != INT64_MAX; t = next_instant(w, t)) {
        int now = line_wire_level(w, t);
        if (now == level && before != level)
            return t;
        before = now;
    }
    return INT64_MAX;
}

bool line_wire_changes(const struct line_wire *w, int64_t from_ns, int64_t to_ns)
{
    const int before = line_wire_level(w, from_ns);

    for (int64_t t = next_instant(w, from_ns); t <= to_ns; t = next_instant(w, t))
        if (line_wire_level(w, t) != before)
            return true;
    return false;
}
