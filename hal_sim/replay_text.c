/* What a tape says, in words. See replay_text.h. Every length is checked before bytes
 * are: a tape is untrusted. */
#include "hal_sim/replay_text.h"
#include "core/lcd.h"
#include "core/log_entry.h"
#include "core/meter.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    NVM_HEADER = 8,  /* of a slot: sequence, kind, size (core/nvm.h) */
    NVM_ADDRESS = 4, /* before it, in the record */
    FUNCTION_ERROR = 0x80
};

struct text {
    char *at;
    size_t room, used;
    const struct replay_words *words;
};

static const struct replay_words plain_words = {
    .in_tape = "on the tape",
    .in_here = "from the meter",
    .tape = "the tape has",
    .here = "the meter gives",
    .here_writes = "the meter writes",
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t,
                                                      const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int n = vsnprintf(t->at + t->used, t->room - t->used, format, list);
    va_end(list);
    if (n > 0)
        t->used += (size_t)n < t->room - t->used ? (size_t)n : t->room - t->used - 1;
}

static unsigned word_at(const uint8_t *bytes) /* big-endian, as Modbus */
{
    return (unsigned)(bytes[0] << 8 | bytes[1]);
}

static uint64_t little(const uint8_t *bytes, int count)
{
    uint64_t x = 0;

    for (int k = count; k-- > 0;)
        x = x << 8 | bytes[k];
    return x;
}

static size_t first_difference(const struct tape_record *a, const struct tape_record *b)
{
    size_t k = 0;

    while (k < a->size && k < b->size && a->data[k] == b->data[k])
        k++;
    return k;
}

/* Up to 16 bytes from the one that differs. */
static void put_bytes(struct text *t, const struct tape_record *record, size_t from)
{
    put(t, "[");
    for (size_t k = from; k < record->size && k < from + 16; k++)
        put(t, k == from ? "%02x" : " %02x", record->data[k]);
    put(t, "]");
}

static void differ_bytes(struct text *t, const struct tape_record *tape,
                         const struct tape_record *here)
{
    const struct replay_words *w = t->words;
    size_t from = first_difference(tape, here);

    put(t, "%u bytes %s, %u %s; from byte %zu %s ", tape->size, w->in_tape, here->size,
        w->in_here, from, w->tape);
    put_bytes(t, tape, from);
    put(t, ", %s ", w->here);
    put_bytes(t, here, from);
}

void replay_text_request(char *text, size_t room, const uint8_t *pdu, size_t size)
{
    struct text t = { text, room, 0, &plain_words };

    text[0] = '\0';
    if (size < 5) {
        put(&t, "function %u", size ? pdu[0] : 0u);
        return;
    }
    unsigned first = word_at(pdu + 1) + 1, count = word_at(pdu + 3);
    switch (pdu[0]) {
    case 3:
    case 4:
        put(&t, "read %u..%u", first, first + (count ? count - 1 : 0));
        return;
    case 6:
        put(&t, "write %u to %u", count, first);
        return;
    case 16:
        put(&t, "write %u..%u", first, first + (count ? count - 1 : 0));
        return;
    default:
        put(&t, "function %u", pdu[0]);
    }
}

/* The request that was answered: "answer to 'read 21..22'". */
static void put_request(struct text *t, const struct replay_context *c)
{
    char request[64];

    put(t, "answer to ");
    if (!c->request_size) {
        put(t, "a request");
        return;
    }
    replay_text_request(request, sizeof request, c->request, c->request_size);
    put(t, strncmp(request, "function", 8) ? "'%s'" : "a request of %s", request);
}

static const char *name_of(const struct register_row *row, enum register_kind kind)
{
    switch (kind) {
    case REG_READING16:
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
        return row->arg < QUANTITIES ? quantity_table[row->arg].name : "";
    case REG_SETTING:
        return row->arg < SETTINGS ? setting_table[row->arg].name : "";
    case REG_STATE:
        return row->arg == STATE_ALERTS ? "alerts" : "";
    case REG_QNAN16:
    case REG_QNAN32F:
    case REG_COMMAND:
    case REG_POWER_UPS:
    case REG_ZERO:
    case REG_SINK:
    case REG_CLOCK:
    case REG_LOG_START:
    case REG_LOG_STAMP:
    case REG_LOG_WINDOW:
        break;
    }
    return "";
}

static void put_float(struct text *t, uint32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof x);
    put(t, "%.7g", (double)x);
}

/* The value of a register of `words` words at `at`. */
static void put_value(struct text *t, const uint8_t *at, int words,
                      enum register_kind kind)
{
    if (words == 1 && kind == REG_READING16)
        put(t, "%d", (int16_t)word_at(at));
    else if (words == 1)
        put(t, "%u", word_at(at));
    else if (kind == REG_FLOAT)
        put_float(t, (uint32_t)word_at(at) << 16 | word_at(at + 2));
    else if (kind == REG_NET32)
        put(t, "%" PRId32, (int32_t)(word_at(at) << 16 | word_at(at + 2)));
    else
        put(t, "%" PRIu32, (uint32_t)word_at(at) << 16 | word_at(at + 2));
}

/* Both answers are of function 3 or 4 and equally long; byte `from` differs. */
static void differ_registers(struct text *t, const struct replay_context *c,
                             const struct tape_record *tape,
                             const struct tape_record *here, size_t from)
{
    size_t index = (from - 2) / 2, last = (tape->size - 2u) / 2;
    unsigned reg = word_at(c->request + 1) + 1 + (unsigned)index;
    enum register_kind kind = REG_ZERO;
    int word = 0, words = 1;
    const struct register_row *row =
        c->model && reg <= UINT16_MAX
            ? model_find_register(c->model, (uint16_t)reg, &word, &kind)
            : NULL;

    if (row && model_register_words(kind) == 2 && index >= (size_t)word &&
        index - (size_t)word + 2 <= last) {
        words = 2;
        index -= (size_t)word;
        reg -= (unsigned)word;
    }
    put(t, "register %u", reg);
    if (row && name_of(row, kind)[0])
        put(t, " (%s)", name_of(row, kind));
    put(t, " is ");
    put_value(t, tape->data + 2 + 2 * index, words, kind);
    put(t, " %s, ", t->words->in_tape);
    put_value(t, here->data + 2 + 2 * index, words, kind);
    put(t, " %s", t->words->in_here);
}

static void put_answer(struct text *t, const struct tape_record *record)
{
    if (record->size >= 2 && record->data[0] & FUNCTION_ERROR)
        put(t, "exception %u", record->data[1]);
    else
        put(t, "%u bytes", record->size);
}

static void differ_answer(struct text *t, const struct replay_context *c,
                          const struct tape_record *tape,
                          const struct tape_record *here)
{
    size_t from = first_difference(tape, here);
    bool reads = c->request_size >= 5 && (c->request[0] == 3 || c->request[0] == 4);

    put_request(t, c);
    put(t, ": ");
    if (reads && tape->size == here->size && from >= 2 && tape->size % 2 == 0 &&
        tape->data[0] == c->request[0]) {
        differ_registers(t, c, tape, here, from);
    } else if ((tape->size > 1 && tape->data[0] & FUNCTION_ERROR) ||
               (here->size > 1 && here->data[0] & FUNCTION_ERROR)) {
        put_answer(t, tape);
        put(t, " %s, ", t->words->in_tape);
        put_answer(t, here);
        put(t, " %s", t->words->in_here);
    } else {
        differ_bytes(t, tape, here);
    }
}

static const char *nvm_name(unsigned record)
{
    static const char *const names[NVM_RECORDS] = { "settings",          "calibration",
                                                    "counters",          "energy",
                                                    "state of the logs", "seal" };

    return record < NVM_RECORDS ? names[record] : "unknown record";
}

static void put_nvm(struct text *t, const struct tape_record *r)
{
    uint32_t address = r->size >= 4 ? (uint32_t)little(r->data, 4) : 0;

    if (r->size < NVM_ADDRESS + NVM_HEADER && address < LOG_ADDRESS)
        put(t, "%u bytes at %" PRIu32, r->size, address);
    else if (address >= LOG_ADDRESS && address - LOG_ADDRESS < LOG_BYTES)
        put(t, "log %" PRIu32 ", entry %" PRIu32,
            (address - LOG_ADDRESS) / 2 / LOG_RING + 1,
            (address - LOG_ADDRESS) / 2 % LOG_RING + 1);
    else
        put(t, "%s, save %u", nvm_name((unsigned)little(r->data + 8, 2)),
            (unsigned)little(r->data + 4, 4));
}

static void put_energy_name(struct text *t, size_t index)
{
    static const char *const kinds[ENERGY_KINDS] = { "kWh import",  "kWh export",
                                                     "kvarh Q1",    "kvarh Q2",
                                                     "kvarh Q3",    "kvarh Q4",
                                                     "kVAh import", "kVAh export" };
    static const char *const owners[ENERGY_OWNERS] = { "A", "B", "C", "total" };

    put(t, "%s %s", kinds[index % ENERGY_KINDS], owners[index / ENERGY_KINDS]);
}

/* `at` is the byte of the record's data that differs, and is there in both. */
static void differ_nvm_field(struct text *t, const struct tape_record *tape,
                             const struct tape_record *here, size_t at)
{
    const size_t data = NVM_ADDRESS + NVM_HEADER;
    unsigned kind = (unsigned)little(tape->data + 8, 2);
    size_t setting = at / 2, energy = at / 8;

    if (kind == NVM_SETTINGS && setting < SETTINGS &&
        data + 2 * setting + 2 <= tape->size)
        put(t, "%s is %u %s, %u %s", setting_table[setting].name,
            (unsigned)little(tape->data + data + 2 * setting, 2), t->words->in_tape,
            (unsigned)little(here->data + data + 2 * setting, 2), t->words->in_here);
    else if (kind == NVM_ENERGY && energy < ENERGY_KINDS * ENERGY_OWNERS &&
             data + 8 * energy + 8 <= tape->size) {
        put_energy_name(t, energy);
        put(t, " is %.6f %s, %.6f %s",
            (double)little(tape->data + data + 8 * energy, 8) / 1e6, t->words->in_tape,
            (double)little(here->data + data + 8 * energy, 8) / 1e6, t->words->in_here);
    } else {
        differ_bytes(t, tape, here);
    }
}

static void differ_nvm(struct text *t, const struct tape_record *tape,
                       const struct tape_record *here)
{
    const size_t data = NVM_ADDRESS + NVM_HEADER;
    size_t from = first_difference(tape, here);

    put(t, "NVM write (");
    put_nvm(t, tape);
    put(t, "): ");
    if (tape->size == here->size && from >= data)
        differ_nvm_field(t, tape, here, from - data);
    else if (tape->size >= data && here->size >= data) {
        put(t, "%s ", t->words->here_writes);
        put_nvm(t, here);
    } else {
        differ_bytes(t, tape, here);
    }
}

/* The alarm contact is normally closed: it opens when it is driven (core/hal.h). */
static void put_output(struct text *t, const struct tape_record *r)
{
    static const char *const names[HAL_OUTPUTS] = { "energy contact", "alarm contact",
                                                    "green LED", "red LED",
                                                    "backlight" };
    unsigned which = r->size >= 2 ? r->data[0] : HAL_OUTPUTS;

    if (which >= HAL_OUTPUTS)
        put(t, "unknown output");
    else if (which == HAL_ENERGY_CONTACT || which == HAL_ALARM_CONTACT)
        put(t, "%s %s", names[which],
            (r->data[1] != 0) == (which == HAL_ENERGY_CONTACT) ? "closes" : "opens");
    else
        put(t, "%s %s", names[which], r->data[1] ? "on" : "off");
}

static void put_lcd(struct text *t, const struct tape_record *r)
{
    static const char *const icons[] = { "heart", "wrench", "import", "export" };

    if (r->size < 5) {
        put(t, "nothing");
        return;
    }
    for (unsigned k = 4; k < r->size && k < 4 + HAL_LCD_SIZE; k++)
        put(t, "%s%02x", k > 4 ? " " : "", r->data[k]);
    put(t, " from byte %u", r->data[0]);
    if (little(r->data, 4) != LCD_ICON_BYTE)
        return;
    put(t, " (icons:");
    for (unsigned k = 0; k < sizeof icons / sizeof *icons; k++)
        if (r->data[4] >> k & 1)
            put(t, " %s", icons[k]);
    put(t, r->data[4] & 15 ? ")" : " none)");
}

static void put_uart(struct text *t, const struct tape_record *r)
{
    static const char *const parities[] = { "no parity", "even parity", "odd parity" };

    if (r->size < 5)
        put(t, "unknown");
    else
        put(t, "%u baud, %s", (unsigned)little(r->data, 4),
            r->data[4] < 3 ? parities[r->data[4]] : "unknown parity");
}

static void put_range(struct text *t, const struct tape_record *r)
{
    put(t, r->size && r->data[0] == HAL_CT_THIRD_V ? "1/3 V" : "1 V");
}

/* How the content of a record reads; other kinds are compared byte by byte. */
static const struct content {
    enum tape_kind kind;
    const char *what;
    void (*print)(struct text *t, const struct tape_record *r);
} contents[] = {
    { TAPE_NVM_WRITE, "NVM write", put_nvm },
    { TAPE_OUTPUT, "output", put_output },
    { TAPE_LCD, "LCD", put_lcd },
    { TAPE_UART_CONFIGURE, "RS-485", put_uart },
    { TAPE_CT_RANGE, "CT inputs", put_range },
};

static const struct content *content_of(const struct tape_record *r)
{
    for (size_t k = 0; k < sizeof contents / sizeof *contents; k++)
        if (contents[k].kind == r->kind)
            return &contents[k];
    return NULL;
}

static void put_content(struct text *t, const struct replay_context *c,
                        const struct tape_record *r)
{
    const struct content *content = content_of(r);

    if (r->kind == TAPE_ANSWER) {
        put_request(t, c);
        put(t, ", ");
        put_answer(t, r);
    } else if (content) {
        put(t, "%s: ", content->what);
        content->print(t, r);
    } else {
        put(t, "%s", tape_kind_name(r->kind));
    }
}

static void differ_same_kind(struct text *t, const struct replay_context *c,
                             const struct tape_record *tape,
                             const struct tape_record *here)
{
    if (tape->kind == TAPE_ANSWER) {
        differ_answer(t, c, tape, here);
    } else if (tape->kind == TAPE_NVM_WRITE) {
        differ_nvm(t, tape, here);
    } else if (content_of(tape)) {
        put_content(t, c, tape);
        put(t, " %s; ", t->words->in_tape);
        put_content(t, c, here);
        put(t, " %s", t->words->in_here);
    } else {
        put(t, "%s: ", tape_kind_name(tape->kind));
        differ_bytes(t, tape, here);
    }
}

void replay_text_difference(char *text, size_t room,
                            const struct replay_context *context,
                            const struct tape_record *tape,
                            const struct tape_record *here)
{
    const struct replay_words *w = context->words ? context->words : &plain_words;
    struct text t = { text, room, 0, w };

    text[0] = '\0';
    if (tape && here && tape->kind == here->kind) {
        if (tape->time_ns == here->time_ns)
            differ_same_kind(&t, context, tape, here);
        else
            put(&t, "%s: %s at %" PRId64 " ns, %s at %" PRId64 " ns",
                tape_kind_name(tape->kind), w->in_tape, tape->time_ns, w->in_here,
                here->time_ns);
        return;
    }
    put(&t, "%s ", w->tape);
    if (tape)
        put_content(&t, context, tape);
    else
        put(&t, "nothing");
    put(&t, "; %s ", w->here);
    if (here)
        put_content(&t, context, here);
    else
        put(&t, "nothing");
}
