/* What a user does to a meter. See action.h. A scenario does the same in the same order:
 * sim/site and the verbs of sim/script call the unit just so. */
#include "page/action.h"
#include "core/keys.h"
#include "waveform/three_wires.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The nearest double; NaN: it is none. In the page its script reads it: strtod would be
 * a tenth of the machine. */
#ifdef __wasm__
double page_number(const char *word); /* page/imports.js */
#else
static double page_number(const char *word)
{
    char *end;
    const double x = strtod(word, &end);

    return end == word || *end ? NAN : x;
}
#endif

/* Digits, point, sign, exponent: whatever C, Lua and JavaScript read alike. */
static bool read_number(const char *word, double min, double max, double *x)
{
    if (!*word || word[strspn(word, "0123456789.-+eE")])
        return false;
    *x = page_number(word);
    return *x >= min && *x <= max;
}

static bool read_numbers(const struct action *a, int first, int count, double min,
                         double max, double *x)
{
    for (int k = 0; k < count; k++)
        if (!read_number(a->word[first + k], min, max, &x[k]))
            return false;
    return true;
}

/* The angles of the conductors: two legs of a split phase, or three phases. */
static const double *degrees_of(enum waveform_wiring wiring)
{
    static const double three[3] = { 0, -120, 120 }, legs[3] = { 0, 180, 0 };

    return wiring == WAVEFORM_AB || wiring == WAVEFORM_ABN ? legs : three;
}

static enum action_error set_grid(const struct action *a, struct unit *u,
                                  struct action_answer *answer)
{
    const enum waveform_wiring wiring = u->sensors.wiring;
    struct waveform_grid grid = unit_grid(u);
    double volts[3];

    (void)answer;
    if (!read_number(a->word[1], WAVEFORM_HZ_MIN, WAVEFORM_HZ_MAX, &grid.hz) ||
        !read_numbers(a, 2, 3, 0, 1e6, volts))
        return ACTION_NUMBER;
    for (int k = 0; k < 3; k++) {
        grid.volts[k] = wiring_table[wiring].conductors >> k & 1 ? volts[k] : 0;
        grid.degrees[k] = degrees_of(wiring)[k];
        grid.harmonics[k].count = 0;
    }
    unit_set_grid(u, &grid);
    return ACTION_DONE;
}

static void print_grid(const struct action *a, const struct unit *u, struct text *lua)
{
    const double *degrees = degrees_of(u->sensors.wiring);

    text_add(lua,
             "grid { hz = %s, volts = { %s, %s, %s }, degrees = { %g, %g, %g } }\n",
             a->word[1], a->word[2], a->word[3], a->word[4], degrees[0], degrees[1],
             degrees[2]);
}

/* With one angle for all, and with three. */
enum { LOAD_WORDS = 5, LOAD_WORDS_EACH = 7 };

static enum action_error set_load(const struct action *a, struct unit *u,
                                  struct action_answer *answer)
{
    const enum waveform_wiring wiring = u->sensors.wiring;
    struct waveform_load load = { .ab = wiring == WAVEFORM_AB };
    unsigned phases = load.ab ? 1 : wiring_table[wiring].conductors;
    double amps[3];

    (void)answer;
    if (!read_numbers(a, 1, 3, 0, 1e6, amps) ||
        !read_numbers(a, 4, a->words - 4, -360, 360, load.lag_degrees))
        return ACTION_NUMBER;
    for (int k = 0; k < 3; k++) {
        load.amps[k] = phases >> k & 1 ? amps[k] : 0;
        if (a->words == LOAD_WORDS)
            load.lag_degrees[k] = load.lag_degrees[0];
    }
    if (wiring == WAVEFORM_DELTA) {
        if (three_wires_excess(load.amps) > 0)
            return ACTION_CURRENTS;
        const struct waveform_grid grid = waveform_grid(u->world);
        three_wires_close(&grid, &load);
    }
    waveform_set_load(u->world, &load);
    return ACTION_DONE;
}

static void print_load(const struct action *a, const struct unit *u, struct text *lua)
{
    (void)u;
    text_add(lua, "load { amps = { %s, %s, %s }, lag_degrees = ", a->word[1],
             a->word[2], a->word[3]);
    if (a->words == LOAD_WORDS)
        text_add(lua, "%s }\n", a->word[4]);
    else
        text_add(lua, "{ %s, %s, %s } }\n", a->word[4], a->word[5], a->word[6]);
}

static int find_fault(const char *name)
{
    for (int id = 0; id < FAULTS; id++)
        if (!strcmp(fault_table[id].name, name))
            return id;
    return -1;
}

const char *action_fault_idle(const struct unit *u, enum fault_id id)
{
    const enum fault_family family = fault_table[id].family;

    if (family == FAULT_FAMILY_ROPE && !u->sensors.rope)
        return "is one of rope CTs: choose the S4000-R";
    if (family == FAULT_FAMILY_GATEWAY)
        return "is one of a gateway, which this page has not: metersim serve --gateway";
    if (family == FAULT_FAMILY_BUS && !link_acts_on_pdu(id))
        return "acts on RS-485, which this page has not: metersim serve --rtu";
    return unit_board_cannot(u, id);
}

/* Bits; 0: none such. */
static unsigned find_phases(const struct fault_row *row, const char *word)
{
    unsigned phases = 0;

    if (!strcmp(word, "all"))
        return row->per_phase ? 7 : 1;
    for (; row->per_phase && *word >= 'A' && *word <= 'C'; word++)
        phases |= 1u << (*word - 'A');
    return *word ? 0 : phases;
}

static void put_fault(struct unit *u, int id, unsigned phases, double value)
{
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1 && u->faults->value[id][k] != value)
            unit_set_fault(u, (enum fault_id)id, fault_table[id].per_phase ? k : -1,
                           value);
}

static enum action_error set_fault(const struct action *a, struct unit *u,
                                   struct action_answer *answer)
{
    const int id = find_fault(a->word[1]);
    double value;

    (void)answer;
    if (id < 0)
        return ACTION_FAULT;
    const struct fault_row *row = &fault_table[id];
    const unsigned phases = find_phases(row, a->word[2]);
    if (!phases)
        return ACTION_FAULT;
    if (!read_number(a->word[3], row->min, row->max, &value))
        return ACTION_NUMBER;
    if (action_fault_idle(u, (enum fault_id)id))
        return ACTION_IDLE;
    put_fault(u, id, phases, value);
    return ACTION_DONE;
}

static void print_fault(const struct action *a, const struct unit *u, struct text *lua)
{
    (void)u;
    if (strcmp(a->word[2], "all") != 0)
        text_add(lua, "fault(m, \"%s\", \"%s\", %s)\n", a->word[1], a->word[2],
                 a->word[3]);
    else
        text_add(lua, "fault(m, \"%s\", %s)\n", a->word[1], a->word[3]);
}

static enum action_error clear_faults(const struct action *a, struct unit *u,
                                      struct action_answer *answer)
{
    (void)a;
    (void)answer;
    for (int id = 0; id < FAULTS; id++)
        put_fault(u, id, fault_table[id].per_phase ? 7 : 1, fault_table[id].neutral);
    return ACTION_DONE;
}

static void print_clear(const struct action *a, const struct unit *u, struct text *lua)
{
    (void)a;
    (void)u;
    text_add(lua, "clear(m)\n");
}

enum {
    KEYS_ALL = METER_KEY_PLUS | METER_KEY_MINUS | METER_KEY_BACK | METER_KEY_SELECT
};

static enum action_error set_keys(const struct action *a, struct unit *u,
                                  struct action_answer *answer)
{
    double mask;

    (void)answer;
    if (!read_number(a->word[1], 0, KEYS_ALL, &mask) || mask != floor(mask))
        return ACTION_NUMBER;
    unit_keys(u, (unsigned)mask);
    return ACTION_DONE;
}

static void print_keys(const struct action *a, const struct unit *u, struct text *lua)
{
    static const struct {
        unsigned key;
        const char *name;
    } keys[] = { { METER_KEY_PLUS, "+" },
                 { METER_KEY_MINUS, "-" },
                 { METER_KEY_BACK, "back" },
                 { METER_KEY_SELECT, "select" } };
    const unsigned mask = (unsigned)page_number(a->word[1]);
    const char *blank = "";

    (void)u;
    text_add(lua, "keys(m, \"");
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (mask & keys[k].key) {
            text_add(lua, "%s%s", blank, keys[k].name);
            blank = " ";
        }
    text_add(lua, "\")\n");
}

static enum action_error set_power(const struct action *a, struct unit *u,
                                   struct action_answer *answer)
{
    (void)answer;
    if (strcmp(a->word[1], "0") != 0 && strcmp(a->word[1], "1") != 0)
        return ACTION_NUMBER;
    unit_switch(u, *a->word[1] == '1');
    return ACTION_DONE;
}

static void print_power(const struct action *a, const struct unit *u, struct text *lua)
{
    (void)u;
    text_add(lua, "power(m, \"%s\")\n", *a->word[1] == '1' ? "on" : "off");
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* Bytes, or 0. */
static int read_hex(const char *word, uint8_t pdu[METER_PDU_MAX])
{
    int size = 0;

    for (; *word; word += 2) {
        int high = hex_digit(word[0]), low = high < 0 ? -1 : hex_digit(word[1]);
        if (low < 0 || size == METER_PDU_MAX)
            return 0;
        pdu[size++] = (uint8_t)(16 * high + low);
    }
    return size;
}

static enum action_error send_pdu(const struct action *a, struct unit *u,
                                  struct action_answer *answer)
{
    uint8_t pdu[METER_PDU_MAX];
    int size = read_hex(a->word[1], pdu);

    answer->size = 0;
    if (!size)
        return ACTION_NUMBER;
    if (!link_receives_pdu(u))
        return ACTION_DONE;
    answer->size = unit_request(u, pdu, size, answer->bytes);
    if (answer->size > 0)
        answer->size = link_answer_pdu(u, answer->bytes, answer->size);
    return ACTION_DONE;
}

/* A meter without power does not answer, and m:request would fail for it. */
static void print_pdu(const struct action *a, const struct unit *u, struct text *lua)
{
    (void)u;
    text_add(lua, "pcall(m.request, m, \"%s\")\n", a->word[1]);
}

static enum action_error set_mark(const struct action *a, struct unit *u,
                                  struct action_answer *answer)
{
    (void)a;
    (void)u;
    (void)answer;
    return ACTION_DONE;
}

static void print_mark(const struct action *a, const struct unit *u, struct text *lua)
{
    (void)a;
    (void)u;
    (void)lua;
}

static const struct row {
    const char *name;
    int words;
    enum action_error (*apply)(const struct action *a, struct unit *u,
                               struct action_answer *answer);
    void (*print)(const struct action *a, const struct unit *u, struct text *lua);
} rows[] = {
    { "grid", 5, set_grid, print_grid },
    { "load", LOAD_WORDS, set_load, print_load },
    { "load", LOAD_WORDS_EACH, set_load, print_load },
    { "fault", 4, set_fault, print_fault },
    { "clear", 1, clear_faults, print_clear },
    { "keys", 2, set_keys, print_keys },
    { "power", 2, set_power, print_power },
    { "pdu", 2, send_pdu, print_pdu },
    { "mark", 1, set_mark, print_mark },
};

static const struct row *find(const struct action *a)
{
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (!strcmp(rows[k].name, a->word[0]) && rows[k].words == a->words)
            return &rows[k];
    return NULL;
}

enum action_error action_parse(struct action *a, const char *text)
{
    const size_t size = strlen(text);

    if (size >= sizeof a->text)
        return ACTION_UNKNOWN;
    memcpy(a->text, text, size + 1);
    a->words = 1;
    a->word[0] = a->text;
    for (char *at = a->text; (at = strchr(at, ',')); a->words++) {
        if (a->words == ACTION_WORDS)
            return ACTION_UNKNOWN;
        *at++ = '\0';
        a->word[a->words] = at;
    }
    return find(a) ? ACTION_DONE : ACTION_UNKNOWN;
}

enum action_error action_apply(const struct action *a, struct unit *u,
                               struct action_answer *answer)
{
    return find(a)->apply(a, u, answer);
}

void action_print_lua(const struct action *a, const struct unit *u, struct text *lua)
{
    find(a)->print(a, u, lua);
}

const char *action_error_text(enum action_error error)
{
    static const char *const texts[] = {
        "",
        "no such action",
        "a number is out of range",
        "no such fault or phases",
        "the fault has nothing here that it could act on",
        "three wires: one current is more than the other two together"
    };

    return texts[-(int)error];
}
