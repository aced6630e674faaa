/* A session. See session.h. The unit is made and brought up in the order of the verb
 * meter { } (sim/script/script_meter.c), so that tapes are the same. */
#include "page/session.h"
#include "waveform/base/random.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_NS INT64_C(1000000)

/* `metersim run` has its units pause at each whole tenth of a second, which leaves a pass
 * of the main loop on the tape (sim/run/scenario.c). */
enum { PAUSE_MS = 100 };

static void write_tape(void *user, const struct tape_record *record)
{
    uint8_t bytes[TAPE_HEADER + TAPE_DATA_MAX];
    struct session *s = user;

    sha256_add(&s->tape, bytes, tape_encode(record, bytes));
}

struct head {
    char model[16];
    uint32_t type, ct, volts, seed;
};

/* A whole number behind a comma; NULL: none, or too large. */
static const char *read_number(const char *text, unsigned long max, uint32_t *x)
{
    char *end;

    if (!text || text[0] != ',' || text[1] < '0' || text[1] > '9')
        return NULL;
    unsigned long value = strtoul(text + 1, &end, 10);
    *x = (uint32_t)value;
    return value <= max ? end : NULL;
}

enum { SEED_MAX = 999999999 };

static bool parse_head(const char *text, struct head *h)
{
    const size_t size = strcspn(text, ",;");

    if (size >= sizeof h->model)
        return false;
    memcpy(h->model, text, size);
    h->model[size] = '\0';
    text = read_number(text + size, UINT16_MAX, &h->type);
    text = read_number(text, UINT16_MAX, &h->ct);
    text = read_number(text, UINT16_MAX, &h->volts);
    text = read_number(text, SEED_MAX, &h->seed);
    return text && (!*text || *text == ';') && h->ct > 0;
}

static bool write_setting(struct unit *u, enum setting id, unsigned value)
{
    const unsigned addr = setting_table[id].reg - 1u;
    const uint8_t request[5] = { 6, (uint8_t)(addr >> 8), (uint8_t)addr,
                                 (uint8_t)(value >> 8), (uint8_t)value };
    uint8_t answer[METER_PDU_MAX];

    return unit_request(u, request, sizeof request, answer) == sizeof request &&
           answer[0] == 6;
}

static bool start(struct unit *u, const struct head *h)
{
    unit_guard(u);
    unit_wire_control(u, (enum control_wiring)0);
    unit_power(u, true);
    return write_setting(u, SETTING_SYSTEM_TYPE, h->type) &&
           write_setting(u, SETTING_CT_PRIMARY, h->ct) &&
           write_setting(u, SETTING_SYSTEM_VOLTAGE, h->volts);
}

/* The first meter of a scenario. */
static struct unit *make_unit(struct session *s, const struct head *h)
{
    uint64_t state = h->seed;
    struct unit_options options = { .model = model_find(h->model),
                                    .wiring = unit_wiring_of((int)h->type),
                                    .ct_primary_a = h->ct,
                                    .ct_output_v = 1,
                                    .pt_ratio = 1,
                                    .serial_number = 1000,
                                    .seed = random_next(&state),
                                    .sink = write_tape,
                                    .sink_user = s };

    return options.model ? unit_new(&options, 0) : NULL;
}

struct session *session_new(const char *text)
{
    struct session *s = calloc(1, sizeof *s);
    struct head h;

    if (!s || !(s->pending = strdup(text)))
        abort();
    s->next = s->pending + strcspn(s->pending, ";");
    sha256_start(&s->tape);
    sha256_add(&s->tape, TAPE_MAGIC, TAPE_MAGIC_SIZE);
    s->unit = parse_head(text, &h) ? make_unit(s, &h) : NULL;
    if (!s->unit || !start(s->unit, &h)) {
        session_free(s);
        return NULL;
    }
    text_add(&s->text, "%.*s", (int)strcspn(text, ";"), text);
    return s;
}

void session_free(struct session *s)
{
    if (!s)
        return;
    unit_free(s->unit);
    text_free(&s->text);
    free(s->pending);
    free(s);
}

void session_advance(struct session *s, int64_t now_ms)
{
    for (int64_t at = s->now_ms / PAUSE_MS + 1; at * PAUSE_MS <= now_ms; at++)
        unit_advance(s->unit, at * PAUSE_MS * MS_NS);
    s->now_ms = now_ms;
    unit_advance_before(s->unit, now_ms * MS_NS);
}

enum action_error session_do(struct session *s, const char *text)
{
    struct action action;
    enum action_error error = action_parse(&action, text);

    if (error)
        return error;
    unit_advance(s->unit, s->now_ms * MS_NS);
    error = action_apply(&action, s->unit, &s->answer);
    text_add(&s->text, ";%" PRId64 ",%s", s->now_ms, error ? "mark" : text);
    return error;
}

/* "1500,fault,…;": the action without its time; NULL: this is none. */
static const char *read_action(const char *text, int64_t *ms, char action[ACTION_TEXT])
{
    char *end;
    long long at = strtoll(text, &end, 10);
    size_t size = strcspn(end, ";");

    if (end == text || *end != ',' || at < 0 || size > ACTION_TEXT)
        return NULL;
    *ms = at;
    snprintf(action, ACTION_TEXT, "%.*s", (int)size - 1, end + 1);
    return end + size;
}

bool session_repeats(const struct session *s)
{
    return *s->next != '\0';
}

/* The next action, if its time comes before end_ms. */
static enum action_error repeat_one(struct session *s, int64_t end_ms)
{
    char action[ACTION_TEXT];
    int64_t ms;
    const char *rest = read_action(s->next + 1, &ms, action);

    if (!rest || ms < s->now_ms)
        return ACTION_UNKNOWN;
    session_advance(s, ms < end_ms ? ms : end_ms);
    if (ms > end_ms)
        return ACTION_DONE;
    s->next = rest;
    return session_do(s, action);
}

enum action_error session_repeat(struct session *s, int64_t ms)
{
    const int64_t end_ms = s->now_ms + ms;
    enum action_error error = ACTION_DONE;

    while (*s->next == ';' && !error) {
        const char *before = s->next;
        error = repeat_one(s, end_ms);
        if (s->next == before)
            break;
    }
    return error;
}

struct session *session_copy(const struct session *s)
{
    struct text text = { 0 };

    text_add(&text, "%s;%" PRId64 ",mark", s->text.bytes, s->now_ms);
    struct session *copy = session_new(text.bytes);
    text_free(&text);
    return copy;
}

void session_end(struct session *s, char hash[SHA256_TEXT])
{
    struct action clear;

    action_parse(&clear, "clear");
    action_apply(&clear, s->unit, &s->answer);
    sha256_text(&s->tape, hash);
}

static void print_head(const struct session *s, const char *hash, struct text *lua)
{
    struct head h = { .seed = 0 };

    parse_head(s->text.bytes, &h);
    text_add(lua,
             "-- A session of metersim's page. The same, to the bit:\n"
             "--     metersim run FILE.lua --seed %" PRIu32 " --tape -\n"
             "-- tape - sha256 %s\n"
             "local m = meter { model = \"%s\", system_type = %u, ct_primary = %u, "
             "system_voltage = %u }\n",
             h.seed, hash, h.model, h.type, h.ct, h.volts);
}

static void print_wait(struct text *lua, int64_t ms)
{
    if (ms > 0)
        text_add(lua, "wait(%" PRId64 ".%03d)\n", ms / 1000, (int)(ms % 1000));
}

void session_print_lua(const struct session *s, const char *hash, struct text *lua)
{
    char text[ACTION_TEXT];
    struct action action;
    int64_t ms, before = 0;

    print_head(s, hash, lua);
    for (const char *at = strchr(s->text.bytes, ';'); at && *at == ';';) {
        at = read_action(at + 1, &ms, text);
        if (!at || action_parse(&action, text))
            return;
        print_wait(lua, ms - before);
        action_print_lua(&action, s->unit, lua);
        before = ms;
    }
}
