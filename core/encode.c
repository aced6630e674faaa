/* Readings and state as register words. See encode.h. */
#include "core/encode.h"
#include "core/assert.h"
#include "core/identity.h"
#include "core/meter_state.h"
#include "core/reading.h"

enum { QNAN16 = 0x8000, MAX16 = 32767, DAY_S = 86400 };
#define QNAN32  0x80008000u
#define QNAN32F 0x7FC00000u

/* Decimal places by which a reading's counts become those of its integer register. */
static int register_decimals(const struct meter *m, enum quantity_unit unit)
{
    switch (unit) {
    case UNIT_PF:
        return 2; /* 10^-6 → 0.0001 */
    case UNIT_HZ:
        return 4; /* µHz → 0.01 Hz */
    case UNIT_N:
        return 0;
    case UNIT_A:
    case UNIT_V:
    case UNIT_W:
    case UNIT_E:
        return quantity_decimals(unit) + m->config.exponent[unit];
    }
    CORE_UNREACHABLE();
}

uint16_t encode_16(int64_t x)
{
    if (x > MAX16)
        x = MAX16;
    if (x < -MAX16)
        x = -MAX16;
    return (uint16_t)x;
}

/* Counters roll over at 2^32, signed ones at ±2^31. */
static uint32_t encode_32(int64_t x, bool is_signed)
{
    if (!is_signed)
        return (uint32_t)(uint64_t)x;
    return (uint32_t)(x % ((int64_t)1 << 31));
}

uint32_t encode_quantity(const struct meter *m, enum quantity q,
                         enum register_kind kind)
{
    enum quantity_unit unit = (enum quantity_unit)quantity_table[q].unit;
    int64_t x;
    bool valid = meter_reading(m, q, &x);

    if (kind == REG_FLOAT)
        return valid ? quantity_float_bits(x, quantity_ten(quantity_decimals(unit)))
                     : QNAN32F;
    if (!valid)
        return QNAN32;
    x = quantity_power_of_ten(x, register_decimals(m, unit));
    if (kind == REG_READING16)
        return (uint32_t)encode_16(x) << 16;
    return encode_32(x, kind == REG_NET32);
}

/* Days that the logs hold at the present sub-interval. */
static uint16_t log_days(const struct settings *s)
{
    return (uint16_t)(LOG_ENTRIES * (uint32_t)s->value[SETTING_SUBINTERVAL_S] / DAY_S);
}

static uint16_t read_state(const struct meter *m, enum state state)
{
    switch (state) {
    case STATE_MAX_POWER:
        return encode_16(quantity_power_of_ten((int64_t)m->config.max_power_uw,
                                               register_decimals(m, UNIT_W)));
    case STATE_EXPONENT_A:
    case STATE_EXPONENT_V:
    case STATE_EXPONENT_W:
    case STATE_EXPONENT_E:
        return (uint16_t)m->config.exponent[UNIT_A + (state - STATE_EXPONENT_A)];
    case STATE_PULSE_MS:
        return m->config.pulse_ms;
    case STATE_ALERTS:
        return m->alerts;
    case STATE_ENERGY_RESETS:
        return (uint16_t)m->energy.resets;
    case STATE_POWER_UPS:
        return (uint16_t)m->counters.power_ups;
    case STATE_LOG_STATUS:
        return m->log.state.status;
    case STATE_LOG_WRAPS:
        return m->log.state.wraps;
    case STATE_LOG_DAYS:
        return log_days(&m->settings);
    case STATE_LOG_ENTRIES:
        return m->log.state.entries;
    case STATE_FIRMWARE_VERSION:
        return METER_FIRMWARE_VERSION;
    }
    CORE_UNREACHABLE();
}

/* Net energy as it was when the logs started, by the present exponent. */
static uint32_t log_start_energy(const struct meter *m)
{
    int64_t x =
        quantity_power_of_ten(m->log.state.start_mwh, register_decimals(m, UNIT_E));
    return encode_32(x, true);
}

uint32_t encode_row(const struct meter *m, const struct register_row *row,
                    enum register_kind kind)
{
    switch (kind) {
    case REG_READING16:
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
        return encode_quantity(m, (enum quantity)row->arg, kind);
    case REG_QNAN16:
        return (uint32_t)QNAN16 << 16;
    case REG_QNAN32F:
        return QNAN32F;
    case REG_SETTING:
        return (uint32_t)m->settings.value[row->arg] << 16;
    case REG_STATE:
        return (uint32_t)read_state(m, (enum state)row->arg) << 16;
    case REG_POWER_UPS:
        return (uint32_t)read_state(m, STATE_POWER_UPS) << 16;
    case REG_CLOCK:
        return (uint32_t)clock_word(&m->clock, row->arg) << 16;
    case REG_LOG_START:
        return log_start_energy(m);
    case REG_LOG_STAMP:
        return (uint32_t)m->log.state.stamp[row->arg] << 16;
    case REG_COMMAND:
    case REG_ZERO:
    case REG_SINK:
        return 0;
    case REG_LOG_WINDOW: /* in NVM: log_read */
        break;
    }
    CORE_UNREACHABLE();
}
