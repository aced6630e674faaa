/* The register map: reading, and identification. See registers.h; writing stands in
 * registers_write.c. */
#include "core/registers.h"
#include "core/meter.h"
#include "core/sunspec.h"

enum { QNAN16 = 0x8000, MOST16 = 32767 };
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
    default:
        return quantity_decimals(unit) + m->config.exponent[unit];
    }
}

uint16_t registers_clamp16(int64_t x)
{
    if (x > MOST16)
        x = MOST16;
    if (x < -MOST16)
        x = -MOST16;
    return (uint16_t)x;
}

/* Counters roll over at 2^32, signed ones at ±2^31. */
static uint32_t encode32(int64_t x, bool is_signed)
{
    if (!is_signed)
        return (uint32_t)(uint64_t)x;
    return (uint32_t)(x % ((int64_t)1 << 31));
}

uint32_t registers_quantity(const struct meter *m, enum quantity q,
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
        return (uint32_t)registers_clamp16(x) << 16;
    return encode32(x, kind == REG_NET32);
}

static uint16_t read_state(const struct meter *m, enum state state)
{
    switch (state) {
    case STATE_MAX_POWER:
        return registers_clamp16(quantity_power_of_ten((int64_t)m->config.max_power_uw,
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
        return log_days(m);
    case STATE_LOG_ENTRIES:
        return m->log.state.entries;
    default:
        return METER_FIRMWARE_VERSION;
    }
}

/* Net energy as it was when the logs started, by the present exponent. */
static uint32_t log_start_energy(const struct meter *m)
{
    int64_t x =
        quantity_power_of_ten(m->log.state.start_mwh, register_decimals(m, UNIT_E));
    return encode32(x, true);
}

/* The whole register, 16-bit ones in the high word. */
static uint32_t read_row(const struct meter *m, const struct register_row *row,
                         enum register_kind kind)
{
    switch (kind) {
    case REG_READING16:
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
        return registers_quantity(m, (enum quantity)row->arg, kind);
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
    default:
        return 0;
    }
}

/* Registers are base 1, wire addresses base 0: this is the one place where they meet.
 */
static uint16_t register_of(uint32_t addr)
{
    return (uint16_t)(addr + 1);
}

const struct register_row *registers_find(const struct meter *m, uint32_t addr,
                                          int *word, enum register_kind *kind)
{
    if (addr > 0xFFFE)
        return 0;
    return model_find_register(m->model, register_of(addr), word, kind);
}

/* From `addr` on as many of `count` words as one row holds; 0 when no row holds it, -1
 * when NVM does not answer. Without settings nothing but the alerts is true. */
static int read_some(struct meter *m, uint32_t addr, int count, uint16_t *words)
{
    enum register_kind kind;
    int word;
    const struct register_row *row = registers_find(m, addr, &word, &kind);

    if (!row && m->waiting)
        return -1;
    if (!row)
        return m->model->sunspec && addr < 0xFFFF
                   ? sunspec_read(m, register_of(addr), count, words)
                   : 0;
    int left = model_register_words(kind) - word;
    count = count < left ? count : left;
    if (m->waiting && !(kind == REG_STATE && row->arg == STATE_ALERTS))
        return -1;
    if (kind == REG_LOG_WINDOW)
        return log_read(m, (unsigned)word, (unsigned)count, words) ? -1 : count;
    uint32_t value = read_row(m, row, kind);
    for (int n = 0; n < count; n++)
        words[n] = (uint16_t)(word + n == 0 ? value >> 16 : value);
    return count;
}

enum modbus_exception registers_read(struct meter *m, uint16_t addr, uint16_t count,
                                     uint16_t *words)
{
    for (uint32_t n = 0; n < count;) {
        int got = read_some(m, addr + n, (int)(count - n), words + n);
        if (got < 0)
            return MODBUS_DEVICE_FAILURE;
        if (got == 0) {
            if (!m->fill_word || addr + n > 0xFFFF)
                return MODBUS_ILLEGAL_ADDRESS;
            words[n] = m->fill_word;
            got = 1;
        }
        n += (uint32_t)got;
    }
    return MODBUS_OK;
}

const char *registers_server_text(const struct meter *m)
{
    return m->model->server_text;
}

static int copy_text(char *text, int size, const char *from)
{
    int n = 0;

    for (; from[n] && n < size; n++)
        text[n] = from[n];
    return n;
}

/* "Vxx.yyy" from register 7001. */
static int version_text(char *text, int size, unsigned version)
{
    char digits[] = "V00.000";

    digits[6] = (char)('0' + version % 10);
    digits[5] = (char)('0' + version / 10 % 10);
    digits[4] = (char)('0' + version / 100 % 10);
    digits[2] = (char)('0' + version / 1000 % 10);
    digits[1] = (char)('0' + version / 10000 % 10);
    return copy_text(text, size, digits);
}

int registers_identity(const struct meter *m, int object, char *text, int size)
{
    switch (object) {
    case 0:
        return copy_text(text, size, "Leviton");
    case 1:
        return copy_text(text, size, m->model->product);
    default:
        return version_text(text, size, METER_FIRMWARE_VERSION);
    }
}
