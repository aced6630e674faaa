/* Observers. See observer.h. A record of the tape comes before the meter acts on it, so
 * what the meter did shows at its next input: the second that a pass published is
 * reported then, with the time of that turn. */
#include "sim/record/observer.h"
#include "core/alert.h"
#include "sim/field/register_format.h"
#include <glib.h>
#include <math.h>
#include <string.h>

enum { CALLS_MAX = 4 };

struct observer {
    struct {
        const struct observer_calls *calls;
        void *user;
    } to[CALLS_MAX];
    int count;
    GPtrArray *meters, *lines;
    GArray *watched; /* struct observed_register */
};

#define TELL(o, call, ...)                                                             \
    do {                                                                               \
        for (int k_ = 0; k_ < (o)->count; k_++)                                        \
            if ((o)->to[k_].calls->call)                                               \
                (o)->to[k_].calls->call((o)->to[k_].user, __VA_ARGS__);                \
    } while (0)

const char *observed_kind_name(enum observed_kind kind)
{
    static const char *const names[OBSERVED_KINDS] = { "script", "log",     "world",
                                                       "fault",  "power",   "setting",
                                                       "alert",  "contact", "passed",
                                                       "failed" };
    return names[kind];
}

struct observer *observer_new(void)
{
    struct observer *o = g_new0(struct observer, 1);

    o->meters = g_ptr_array_new_with_free_func(g_free);
    o->lines = g_ptr_array_new_with_free_func(g_free);
    o->watched = g_array_new(FALSE, FALSE, sizeof(struct observed_register));
    return o;
}

void observer_free(struct observer *o)
{
    if (!o)
        return;
    for (guint k = 0; k < o->meters->len; k++) {
        struct observed_meter *m = g_ptr_array_index(o->meters, k);
        m->unit->hal.sink = m->tape;
        m->unit->hal.sink_user = m->tape_user;
    }
    for (guint k = 0; k < o->lines->len; k++)
        line_set_listener(
            ((struct observed_line *)g_ptr_array_index(o->lines, k))->line, NULL, NULL);
    g_ptr_array_unref(o->lines);
    g_ptr_array_unref(o->meters);
    g_array_unref(o->watched);
    g_free(o);
}

void observer_silence(struct observer *o)
{
    o->count = 0;
}

void observer_add(struct observer *o, const struct observer_calls *calls, void *user)
{
    g_assert(o->count < CALLS_MAX);
    o->to[o->count].calls = calls;
    o->to[o->count++].user = user;
}

static void report_state(struct observed_meter *m, enum observed_kind kind,
                         const char *key, int state, const char *text)
{
    struct observed_event event = { .kind = kind,
                                    .at_ns = m->at_ns,
                                    .meter = m,
                                    .key = key,
                                    .state = state,
                                    .text = text };
    observer_event(m->observer, &event);
}

static void report_alerts(struct observed_meter *m, uint16_t now)
{
    uint16_t before = m->alerts;

    m->alerts = now;
    for (int bit = 0; bit < ALERT_BITS; bit++) {
        if (!((before ^ now) >> bit & 1))
            continue;
        int state = now >> bit & 1;
        const char *words = alert_table[bit].full_words;
        char *text =
            g_strdup_printf("%s %s (bit %d of 146)", words, state ? "on" : "off", bit);
        report_state(m, OBSERVED_ALERT, words, state, text);
        g_free(text);
    }
}

/* What the last turn has brought. */
static void report_second(struct observed_meter *m)
{
    uint32_t seconds = unit_seconds(m->unit);

    if (seconds == m->seconds)
        return;
    m->seconds = seconds;
    report_alerts(m, unit_alerts(m->unit));
    TELL(m->observer, second, m, m->at_ns);
}

static void see_output(struct observed_meter *m, const struct tape_record *r)
{
    enum hal_output which = (enum hal_output)r->data[0];
    bool on = r->data[1];

    if (which >= HAL_OUTPUTS || m->output[which] == on)
        return;
    m->output[which] = on;
    if (which == HAL_ENERGY_CONTACT)
        report_state(m, OBSERVED_CONTACT, "energy contact", on,
                     on ? "energy contact closes" : "energy contact opens");
    else if (which == HAL_ALARM_CONTACT)
        report_state(m, OBSERVED_CONTACT, "alarm contact", !on,
                     on ? "alarm contact opens" : "alarm contact closes");
}

static void see_lcd(struct observed_meter *m, const struct tape_record *r)
{
    uint8_t before[HAL_LCD_SIZE];
    unsigned at = r->data[0], size = r->size - 4u;

    memcpy(before, m->lcd, sizeof before);
    memcpy(m->lcd + at, r->data + 4, size);
    if (memcmp(before, m->lcd, sizeof before))
        TELL(m->observer, lcd, m, m->at_ns);
}

static void see_power(struct observed_meter *m, bool on)
{
    m->seconds = 0;
    report_state(m, OBSERVED_POWER, "power", on, on ? "power comes" : "power goes");
    if (on)
        return;
    static const bool none[HAL_OUTPUTS];
    bool closes = m->output[HAL_ALARM_CONTACT];
    report_alerts(m, 0);
    memcpy(m->output, none, sizeof none);
    memset(m->lcd, 0, sizeof m->lcd);
    if (closes)
        report_state(m, OBSERVED_CONTACT, "alarm contact", 1, "alarm contact closes");
    TELL(m->observer, lcd, m, m->at_ns);
}

/* Functions 6 and 16, in the words of the register map. */
static void see_request(struct observed_meter *m, const struct tape_record *r)
{
    const uint8_t *pdu = r->data;

    if (r->size < 5 || (pdu[0] != 6 && pdu[0] != 16))
        return;
    int reg = (pdu[1] << 8 | pdu[2]) + 1, word = pdu[3] << 8 | pdu[4];
    g_autofree char *text =
        pdu[0] == 6 ? g_strdup_printf("write %d to register %d", word, reg)
                    : g_strdup_printf("write to registers %d-%d", reg, reg + word - 1);
    report_state(m, OBSERVED_SETTING, NULL, 0, text);
}

static void see_input(struct observed_meter *m, const struct tape_record *r)
{
    if (m->unit->powered && r->kind != TAPE_POWER_UP && r->kind != TAPE_NVM_PAGE)
        report_second(m);
    m->at_ns = r->time_ns;
    if (r->kind == TAPE_SAMPLES)
        TELL(m->observer, samples, m, r->data, r->size / (HAL_CHANNELS * 4));
    else if (r->kind == TAPE_REQUEST) {
        TELL(m->observer, pdu, m, r->time_ns, r->data, r->size);
        see_request(m, r);
    } else if (r->kind == TAPE_POWER_UP || r->kind == TAPE_POWER_DOWN)
        see_power(m, r->kind == TAPE_POWER_UP);
}

static void see(void *user, const struct tape_record *r)
{
    struct observed_meter *m = user;

    if (m->tape)
        m->tape(m->tape_user, r);
    if (r->kind < TAPE_FIRST_OUTPUT)
        see_input(m, r);
    else if (r->kind == TAPE_OUTPUT)
        see_output(m, r);
    else if (r->kind == TAPE_LCD)
        see_lcd(m, r);
    else if (r->kind == TAPE_ANSWER)
        TELL(m->observer, pdu, m, r->time_ns, r->data, r->size);
}

struct observed_meter *observer_meter(struct observer *o, struct unit *u,
                                      const char *name)
{
    struct observed_meter *m = g_new0(struct observed_meter, 1);

    m->observer = o;
    m->unit = u;
    m->index = (int)o->meters->len;
    m->at_ns = u->now_ns;
    m->tape = u->hal.sink;
    m->tape_user = u->hal.sink_user;
    m->seconds = u->powered ? unit_seconds(u) : 0; /* of one that is warm already */
    m->alerts = u->powered ? unit_alerts(u) : 0;
    memcpy(m->output, u->hal.output, sizeof m->output);
    memcpy(m->lcd, u->hal.lcd, sizeof m->lcd);
    g_strlcpy(m->name, name, sizeof m->name);
    g_ptr_array_add(o->meters, m);
    u->hal.sink = see;
    u->hal.sink_user = m;
    TELL(o, meter, m);
    return m;
}

void observer_watch(struct observer *o, const struct observed_register *r)
{
    g_array_append_val(o->watched, *r);
    TELL(o, watch, r);
}

void observer_introduce(struct observer *o)
{
    for (guint k = 0; k < o->meters->len; k++) {
        const struct observed_meter *m = g_ptr_array_index(o->meters, k);
        TELL(o, meter, m);
        TELL(o, lcd, m, m->at_ns);
    }
    for (guint k = 0; k < o->watched->len; k++)
        TELL(o, watch, &g_array_index(o->watched, struct observed_register, k));
}

static void on_line_sent(void *user, const struct line_sent *sent)
{
    const struct observed_line *l = user;

    TELL(l->observer, sent, l, sent);
}

void observer_line(struct observer *o, struct line *line)
{
    struct observed_line *l = g_new0(struct observed_line, 1);

    *l = (struct observed_line){ o, line, (int)o->lines->len };
    g_ptr_array_add(o->lines, l);
    line_set_listener(line, on_line_sent, l);
}

double observer_register(const struct observed_register *r)
{
    struct unit *u = r->meter->unit;
    uint16_t words[2];

    if (!u->powered || !unit_registers(u, (uint16_t)(r->reg - 1),
                                       register_formats[r->format].words, words))
        return (double)NAN;
    return register_format_number(words, r->format);
}

void observer_event(struct observer *o, const struct observed_event *event)
{
    TELL(o, event, event);
}

void observer_finish(struct observer *o)
{
    for (guint k = 0; k < o->meters->len; k++) {
        struct observed_meter *m = g_ptr_array_index(o->meters, k);
        if (m->unit->powered)
            report_second(m);
    }
}

struct observed_meter *observer_find(const struct observer *o, const struct unit *u)
{
    for (guint k = 0; k < o->meters->len; k++) {
        struct observed_meter *m = g_ptr_array_index(o->meters, k);
        if (m->unit == u)
            return m;
    }
    return NULL;
}
