/* See production_parts.h. Limits are those of the board's parts (hal_target/BOARD.md). */
#include "sim/factory/production_parts.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

enum {
    COUNTERS_HEAD = 3,
    COUNTERS = 6 + HAL_COUNTERS,
    COUNTER_FAULTS = 4,
    COUNTER_BOARD = 6, /* the first of enum hal_counter */
    EXCHANGES = 100,
    CUT_MS = 80,
    POWER_UPS = 152, /* registers */
    CT_PRIMARY = 131
};
enum {
    NOISE_CODES = 60,     /* four times the converter's own, rms */
    OFFSET_CODES = 50000, /* 0.6 % of full scale */
    CRYSTAL_PPM = 45,     /* two crystals of 20 ppm, and the resolution */
    SIGNAL_PERCENT = 4,   /* dividers and burdens before calibration */
    SIGNAL_V = 277,
    SECOND_NS = 1000000000
};

static bool say(char *finding, bool good, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool say(char *finding, bool good, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    g_vsnprintf(finding, PRODUCTION_TEXT, format, list);
    va_end(list);
    return good;
}

static bool read_counters(const struct port *p, uint32_t counters[COUNTERS],
                          GError **error)
{
    const uint8_t pdu[] = { 0x42, 0x01 };
    uint8_t answer[PORT_PDU_MAX];

    if (p->ask(p->user, pdu, sizeof pdu, answer, error) != COUNTERS_HEAD + 4 * COUNTERS)
        return error_set(error, "the board's counters cannot be read");
    for (int k = 0; k < COUNTERS; k++) {
        const uint8_t *at = answer + COUNTERS_HEAD + 4 * k;
        counters[k] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
                      (uint32_t)at[2] << 8 | at[3];
    }
    return true;
}

static bool fixture(const struct port *p, bool *yes, GError **error, const char *format,
                    ...) G_GNUC_PRINTF(4, 5);
static bool fixture(const struct port *p, bool *yes, GError **error, const char *format,
                    ...)
{
    char action[PRODUCTION_TEXT];
    va_list list;

    va_start(list, format);
    g_vsnprintf(action, sizeof action, format, list);
    va_end(list);
    return p->fixture(p->user, action, yes, error);
}

bool production_part_answer(const struct port *p, char *finding, GError **error)
{
    struct meter_identity id;

    return meter_identify(p, &id, error) &&
           say(finding, true, "%s, firmware %u", id.model->name, id.firmware);
}

bool production_part_identity(const struct port *p, char *finding, GError **error)
{
    static const char *const blocks[] = {
        "whole", "erased", "damaged", "of an unknown board, model or serial number"
    };
    struct meter_identity id;
    uint32_t counters[COUNTERS];

    if (!meter_identify(p, &id, error) || !read_counters(p, counters, error))
        return false;
    if (id.block != FACTORY_BLOCK_WHOLE)
        return say(finding, false, "the factory's block is %s", blocks[id.block & 3]);
    if (counters[COUNTER_FAULTS] & HAL_FAULT_OPTIONS)
        return say(finding, false, "option bytes: BOR is not at level 3");
    return say(finding, true, "serial number %u, board revision %d", id.serial,
               id.revision);
}

bool production_part_parts(const struct port *p, char *finding, GError **error)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } faults[] = { { HAL_FAULT_CRYSTAL, "crystal" },
                   { HAL_FAULT_FRONT_END, "front end" },
                   { HAL_FAULT_NVM, "FRAM" },
                   { HAL_FAULT_DISPLAY, "display" },
                   { HAL_FAULT_CLOCK, "real-time clock" },
                   { HAL_FAULT_BATTERY, "battery" } };
    uint32_t counters[COUNTERS];
    g_autoptr(GString) text = g_string_new(NULL);

    if (!p->wait(p->user, 4, error) || !read_counters(p, counters, error))
        return false;
    for (size_t k = 0; k < G_N_ELEMENTS(faults); k++)
        if (counters[COUNTER_FAULTS] & faults[k].bit)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", faults[k].text);
    const bool good = text->len == 0;
    say(finding, good, "%s%s", text->str,
        good ? "all answer" : ": no answer or no time");
    return good;
}

/* Pairs of areas that differ in one address line each. */
bool production_part_memory(const struct port *p, char *finding, GError **error)
{
    static const char *const words[] = { [FACTORY_MEMORY_SILENT] = "it does not answer",
                                         [FACTORY_MEMORY_DIFFERS] = "it does not keep",
                                         [FACTORY_MEMORY_ALIAS] =
                                             "an address line is open or shorted",
                                         [FACTORY_MEMORY_NOT_RESTORED] =
                                             "contents are not restored" };
    const uint32_t base = HAL_NVM_SIZE - FACTORY_AREA;
    int tested = 0;

    for (uint32_t line = FACTORY_AREA; line < HAL_NVM_SIZE; line *= 2, tested++) {
        const uint32_t other = base ^ line;
        const uint8_t data[8] = { (uint8_t)(base >> 24),  (uint8_t)(base >> 16),
                                  (uint8_t)(base >> 8),   (uint8_t)base,
                                  (uint8_t)(other >> 24), (uint8_t)(other >> 16),
                                  (uint8_t)(other >> 8),  (uint8_t)other };
        uint8_t result;

        if (!meter_call(p, FACTORY_TEST_MEMORY, data, sizeof data, &result, 1, error))
            return false;
        for (unsigned bit = 1; bit < G_N_ELEMENTS(words); bit *= 2)
            if (result & bit)
                return say(finding, false, "FRAM at %05X and %05X: %s", base, other,
                           words[bit]);
    }
    return say(finding, true, "%d address lines, two patterns, restored", tested);
}

bool production_part_crystal(const struct port *p, char *finding, GError **error)
{
    uint8_t data[4];
    uint32_t second_ns = 0;

    for (int k = 0; k < 6 && !second_ns; k++) {
        if (!p->wait(p->user, 1, error) ||
            !meter_call(p, FACTORY_READ_CLOCK, NULL, 0, data, sizeof data, error))
            return false;
        second_ns = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 |
                    (uint32_t)data[2] << 8 | data[3];
    }
    if (!second_ns)
        return say(finding, false, "the real-time clock does not run");
    const double ppm = ((double)second_ns / SECOND_NS - 1) * 1e6;
    return say(finding, fabs(ppm) <= CRYSTAL_PPM,
               "%+.0f ppm against the real-time clock's (%d allowed)", ppm,
               CRYSTAL_PPM);
}

static bool check_frames(const uint32_t before[COUNTERS],
                         const uint32_t after[COUNTERS], char *finding)
{
    const uint32_t *b = before + COUNTER_BOARD, *a = after + COUNTER_BOARD;
    const uint32_t damaged = a[HAL_SETS_DAMAGED] - b[HAL_SETS_DAMAGED],
                   late = a[HAL_SETS_LATE] - b[HAL_SETS_LATE],
                   starts = a[HAL_FRONT_END_STARTS] - b[HAL_FRONT_END_STARTS];

    return say(finding, !damaged && !late && !starts,
               "in 5 s %u frames damaged, %u late, %u starts", damaged, late, starts);
}

static bool check_rest(const struct meter_means *m, char *finding)
{
    double worst_noise = 0, worst_offset = 0;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        const double noise = sqrt(ch < 3 ? m->vv[ch] : m->ii[ch - 3]);
        const char *name = ch < 3 ? "voltage" : "current";

        if (noise > NOISE_CODES)
            return say(finding, false, "%s %c: noise of %.0f codes (%d allowed)", name,
                       'A' + ch % 3, noise, NOISE_CODES);
        if (fabs(m->dc[ch]) > OFFSET_CODES)
            return say(finding, false, "%s %c: offset of %.0f codes (%d allowed)", name,
                       'A' + ch % 3, m->dc[ch], OFFSET_CODES);
        worst_noise = fmax(worst_noise, noise);
        worst_offset = fmax(worst_offset, fabs(m->dc[ch]));
    }
    return say(finding, true, "noise up to %.1f codes, offset up to %.0f", worst_noise,
               worst_offset);
}

bool production_part_front_end(const struct port *p, char *finding, GError **error)
{
    const struct source_point nothing = { 0, 0, 60, 1 };
    uint32_t before[COUNTERS], after[COUNTERS];
    struct meter_means m;

    if (!p->set_source(p->user, &nothing, error) || !read_counters(p, before, error) ||
        !p->wait(p->user, 5, error) || !read_counters(p, after, error) ||
        !meter_read_means(p, &m, error))
        return false;
    return check_frames(before, after, finding) && check_rest(&m, finding);
}

static bool is_off(double reading, double truth)
{
    return !(fabs(reading / truth - 1) * 100 <= SIGNAL_PERCENT);
}

bool production_part_signal(const struct port *p, char *finding, GError **error)
{
    uint16_t ct;
    struct meter_means m;

    if (!meter_read_words(p, CT_PRIMARY, 1, &ct, error))
        return false;
    const struct source_point s = { SIGNAL_V, ct, 60, 1 };
    if (!p->set_source(p->user, &s, error) || !p->wait(p->user, 4, error) ||
        !meter_read_means(p, &m, error))
        return false;
    for (int k = 0; k < 3; k++) {
        const double v = sqrt(m.vv[k]) * HAL_VOLT_PEAK_DV / 10.0 / HAL_CODES;
        const double i = sqrt(m.ii[k]) * HAL_CURRENT_PEAK_PERMIL / 1000.0 / HAL_CODES;

        if (is_off(v, SIGNAL_V))
            return say(finding, false, "voltage %c reads %.1f of %d V", 'A' + k, v,
                       SIGNAL_V);
        if (is_off(i, 1))
            return say(finding, false, "current %c reads %.1f %% of rated", 'A' + k,
                       i * 100);
        if (is_off(m.vi[k] / sqrt(m.vv[k] * m.ii[k]), 1))
            return say(finding, false, "phase %c: the current is reversed or elsewhere",
                       'A' + k);
    }
    return say(finding, true, "all six within %d %%", SIGNAL_PERCENT);
}

bool production_part_keys(const struct port *p, char *finding, GError **error)
{
    static const char *const names[] = { "none", "plus", "minus", "back", "select" };
    uint8_t keys[2];
    bool yes;

    for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
        const unsigned wanted = k ? 1u << (k - 1) : 0;

        if (!fixture(p, &yes, error, "press %s", names[k]) ||
            !p->wait(p->user, 0.3, error) ||
            !meter_call(p, FACTORY_READ_KEYS, NULL, 0, keys, sizeof keys, error))
            return false;
        if (keys[0] != wanted)
            return say(finding, false, "with %s pressed the meter sees %s", names[k],
                       keys[0] ? "others" : "none");
    }
    if (!fixture(p, &yes, error, "press none"))
        return false;
    return say(finding, true, "four keys, one by one");
}

static bool show(const struct port *p, const uint8_t memory[HAL_LCD_SIZE], bool *seen,
                 GError **error)
{
    char hex[2 * HAL_LCD_SIZE + 1];

    for (int k = 0; k < HAL_LCD_SIZE; k++)
        g_snprintf(hex + 2 * k, 3, "%02X", memory[k]);
    return meter_call(p, FACTORY_SHOW_SEGMENTS, memory, HAL_LCD_SIZE, NULL, 0, error) &&
           p->wait(p->user, 0.2, error) &&
           fixture(p, seen, error, "see segments %s", hex);
}

/* Nothing, all, then each bit of the bytes alone: a shorted pair shows in one of them. */
bool production_part_display(const struct port *p, char *finding, GError **error)
{
    uint8_t memory[HAL_LCD_SIZE];
    bool seen = true;
    int pattern;

    for (pattern = 0; pattern < 10 && seen; pattern++) {
        memset(memory,
               pattern == 0   ? 0
               : pattern == 1 ? 0xFF
                              : 1 << (pattern - 2),
               sizeof memory);
        if (!show(p, memory, &seen, error))
            return false;
    }
    if (!meter_call(p, FACTORY_SHOW_SEGMENTS, NULL, 0, NULL, 0, error))
        return false;
    return say(finding, seen,
               seen ? "%d patterns seen" : "pattern %d is not seen: display or glass",
               pattern);
}

bool production_part_outputs(const struct port *p, char *finding, GError **error)
{
    static const char *const names[HAL_OUTPUTS] = { [HAL_ENERGY_CONTACT] = "energy",
                                                    [HAL_ALARM_CONTACT] = "alarm",
                                                    [HAL_LED_GREEN] = "green",
                                                    [HAL_LED_RED] = "red",
                                                    [HAL_BACKLIGHT] = "backlight" };
    const uint8_t rest[2] = { 0, 0 };

    for (int which = 0; which < HAL_OUTPUTS; which++)
        for (int on = 1; on >= 0; on--) {
            const uint8_t data[2] = { (1 << HAL_OUTPUTS) - 1, (uint8_t)(on << which) };
            const bool wanted = (on != 0) != (which == HAL_ALARM_CONTACT);
            bool seen;

            if (!meter_call(p, FACTORY_DRIVE_OUTPUTS, data, sizeof data, NULL, 0,
                            error) ||
                !p->wait(p->user, 0.1, error) ||
                !fixture(p, &seen, error, "see %s", names[which]))
                return false;
            if (seen != wanted)
                return say(finding, false, "%s stays %s", names[which],
                           which > HAL_ALARM_CONTACT ? seen ? "lit" : "dark"
                           : seen                    ? "closed"
                                                     : "open");
        }
    if (!meter_call(p, FACTORY_DRIVE_OUTPUTS, rest, sizeof rest, NULL, 0, error))
        return false;
    return say(finding, true, "two contacts, two LEDs, backlight");
}

bool production_part_line(const struct port *p, char *finding, GError **error)
{
    const int before = p->lost(p->user);
    struct meter_identity id;

    for (int k = 0; k < EXCHANGES; k++)
        if (!meter_identify(p, &id, error))
            return false;
    const int lost = p->lost(p->user) - before;
    return say(finding, lost == 0, "%d of %d requests not answered", lost, EXCHANGES);
}

bool production_part_supply(const struct port *p, char *finding, GError **error)
{
    uint16_t before, after;
    uint32_t one[COUNTERS], other[COUNTERS];
    bool yes;

    if (!meter_read_words(p, POWER_UPS, 1, &before, error) ||
        !read_counters(p, one, error) || !fixture(p, &yes, error, "cut %d", CUT_MS) ||
        !p->wait(p->user, 2, error) ||
        !meter_read_words(p, POWER_UPS, 1, &after, error) ||
        !read_counters(p, other, error))
        return false;
    if (after != before)
        return say(finding, false,
                   "a gap of %d ms restarts the meter: the supply's store", CUT_MS);
    if (other[COUNTER_BOARD + HAL_SUPPLY_FAILURES] !=
        one[COUNTER_BOARD + HAL_SUPPLY_FAILURES] + 1)
        return say(finding, false, "a gap of %d ms is not seen once by POWER_GOOD",
                   CUT_MS);
    return say(finding, true, "a gap of %d ms is seen and ridden through", CUT_MS);
}
