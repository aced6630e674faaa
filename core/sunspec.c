/* SunSpec registers. See sunspec.h. */
#include "core/sunspec.h"
#include "core/alert.h"
#include "core/assert.h"
#include "core/encode.h"
#include "core/factory_block.h"
#include "core/identity.h"
#include "core/meter_state.h"
#include "core/reading.h"
#include <string.h>

enum {
    WORDS_MAX = 16,
    QNAN16 = 0x8000,
    KILO = 3,        /* from kW and kWh to W and Wh */
    HUNDREDTHS = -2, /* Hz; percent of power factor */
    EVENT_POWER_FAILURE = 1 << 2,
    EVENT_UNDER_VOLTAGE = 1 << 3,
    EVENT_LOW_PF = 1 << 4,
    EVENT_OVER_CURRENT = 1 << 5,
    EVENT_OVER_VOLTAGE = 1 << 6
};

static const struct sunspec_row {
    uint8_t offset, words, kind;
    uint16_t arg;
} rows[] = {
#define R(reg, words, name, kind, arg, units, scale)                                   \
    { (reg)-SUNSPEC_FIRST, words, SUN_##kind, arg },
#include "core/sunspec.def"
#undef R
};

static const struct sunspec_row *find(uint16_t reg)
{
    unsigned offset = (unsigned)reg - SUNSPEC_FIRST;
    unsigned low = 0, high = sizeof rows / sizeof *rows;

    while (high - low > 1) { /* the last row that starts at or before reg */
        unsigned mid = (low + high) / 2;
        if (rows[mid].offset > offset)
            high = mid;
        else
            low = mid;
    }
    return &rows[low];
}

static void decimal(char *text, uint32_t x)
{
    char digits[10];
    int n = 0;

    do
        digits[n++] = (char)('0' + x % 10);
    while (x /= 10);
    while (n)
        *text++ = digits[--n];
}

static void read_text(const struct meter *m, unsigned which, uint16_t *words)
{
    char text[2 * WORDS_MAX] = { 0 };

    if (which <= SUN_REVISION)
        identity_text(m->model, (enum identity_object)which, text, sizeof text);
    else if (which == SUN_SERIAL &&
             hal_serial_number(m->hal) != FACTORY_BLOCK_NO_SERIAL)
        decimal(text, hal_serial_number(m->hal));
    for (int k = 0; k < WORDS_MAX; k++)
        words[k] = (uint16_t)((uint8_t)text[2 * k] << 8 | (uint8_t)text[2 * k + 1]);
}

/* Adds up what phases have a reading of, all or the one given; returns how many. */
static unsigned sum_of_phases(const struct meter *m, enum quantity of_a, unsigned phase,
                              int64_t *sum)
{
    unsigned count = 0;
    int64_t x;

    *sum = 0;
    for (unsigned k = 0; k < 3; k++)
        if ((phase == SUN_SUM || phase == k) &&
            meter_reading(m, (enum quantity)(of_a + k), &x)) {
            *sum += x;
            count++;
        }
    return count;
}

/* Of a phase, or the sum over the active ones; scaled so that the sum fits. */
static uint16_t current(const struct meter *m, unsigned phase)
{
    int64_t sum;

    if (!sum_of_phases(m, Q_I_A, phase, &sum))
        return QNAN16;
    return encode_16(quantity_power_of_ten(sum, quantity_decimals(UNIT_A) +
                                                    m->config.exponent_sum_a));
}

/* The sum over the phases; register 23 is the vector sum. */
static uint16_t apparent_power(const struct meter *m)
{
    int64_t sum;

    if (!sum_of_phases(m, Q_KVA_A, SUN_SUM, &sum))
        return QNAN16;
    return encode_16(quantity_power_of_ten(sum, quantity_decimals(UNIT_W) +
                                                    m->config.exponent[UNIT_W]));
}

/* 0.0001 of the ratio is 0.01 %. */
static uint16_t average_pf(const struct meter *m)
{
    int64_t sum;
    const uint64_t count = sum_of_phases(m, Q_PF_A, SUN_SUM, &sum);

    return count ? encode_16(wide_muldiv_signed(sum, 1, 100 * count)) : QNAN16;
}

static uint16_t of_phases(const struct meter *m, const struct sunspec_row *row)
{
    if (row->kind == SUN_CURRENT)
        return current(m, row->arg);
    return row->kind == SUN_APPARENT ? apparent_power(m) : average_pf(m);
}

static uint16_t exponent(const struct meter *m, enum quantity_unit unit)
{
    switch (unit) {
    case UNIT_A:
        return (uint16_t)m->config.exponent_sum_a;
    case UNIT_V:
        return (uint16_t)m->config.exponent[UNIT_V];
    case UNIT_W:
    case UNIT_E:
        return (uint16_t)(m->config.exponent[unit] + KILO);
    case UNIT_PF:
    case UNIT_HZ:
        return (uint16_t)HUNDREDTHS;
    case UNIT_N:
        break;
    }
    CORE_UNREACHABLE();
}

static uint32_t events(const struct meter *m)
{
    enum { ANY_PHASE = 7 };
    uint32_t bits = 0;

    if (m->alerts & ALERT_PHASE_LOSS)
        bits |= EVENT_POWER_FAILURE | EVENT_UNDER_VOLTAGE;
    if (m->alerts & (unsigned)ALERT_LOW_PF_A * ANY_PHASE)
        bits |= EVENT_LOW_PF;
    if (m->alerts & (unsigned)ALERT_CURRENT_A * ANY_PHASE)
        bits |= EVENT_OVER_CURRENT;
    if (m->alerts & (unsigned)ALERT_VOLTAGE_A * ANY_PHASE)
        bits |= EVENT_OVER_VOLTAGE;
    return bits;
}

static uint32_t energy(const struct meter *m, enum quantity q)
{
    int64_t x;
    return meter_reading(m, q, &x) ? encode_quantity(m, q, REG_READING32) : 0;
}

static void put32(uint16_t *words, uint32_t x)
{
    words[0] = (uint16_t)(x >> 16);
    words[1] = (uint16_t)x;
}

static void read_row(const struct meter *m, const struct sunspec_row *row,
                     uint16_t words[WORDS_MAX])
{
    switch ((enum sunspec_kind)row->kind) {
    case SUN_MARKER:
        put32(words, 0x53756E53);
        break;
    case SUN_WORD:
        words[0] = row->arg;
        break;
    case SUN_TEXT:
        read_text(m, row->arg, words);
        break;
    case SUN_ADDRESS:
        words[0] = m->settings.value[SETTING_ADDRESS];
        break;
    case SUN_MODEL:
        words[0] = config_type(&m->config)->sunspec_model;
        break;
    case SUN_READING:
        put32(words, encode_quantity(m, (enum quantity)row->arg, REG_READING16));
        break;
    case SUN_CURRENT:
    case SUN_APPARENT:
    case SUN_PF_AVERAGE:
        words[0] = of_phases(m, row);
        break;
    case SUN_ENERGY:
        put32(words, energy(m, (enum quantity)row->arg));
        break;
    case SUN_EXPONENT:
        words[0] = exponent(m, (enum quantity_unit)row->arg);
        break;
    case SUN_EVENTS:
        put32(words, events(m));
        break;
    }
}

int sunspec_read(const struct meter *m, uint16_t reg, int count, uint16_t *words)
{
    uint16_t whole[WORDS_MAX];

    if (reg < SUNSPEC_FIRST || reg > SUNSPEC_LAST)
        return 0;
    const struct sunspec_row *row = find(reg);
    int skip = reg - SUNSPEC_FIRST - row->offset, left = row->words - skip;
    read_row(m, row, whole);
    count = count < left ? count : left;
    memcpy(words, whole + skip, (unsigned)count * sizeof *words);
    return count;
}
