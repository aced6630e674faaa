/* The register map. See registers.h. */
#include "core/registers.h"
#include "core/meter.h"

enum {
    QNAN16 = 0x8000,
    MOST16 = 32767,
    COMMAND_CLEAR_ENERGY = 30078,
    COMMAND_START_SUBINTERVAL = 21211,
    COMMAND_RESET_MAXIMA = 21212,
    COMMAND_CLEAR_PULSES = 16498
};
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

static uint16_t encode16(int64_t x)
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

/* A quantity as its 16- or 32-bit register or float; 16 bits stand in the high word. */
static uint32_t encode_quantity(const struct meter *m, enum quantity q,
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
        return (uint32_t)encode16(x) << 16;
    return encode32(x, kind == REG_NET32);
}

static uint16_t read_state(const struct meter *m, enum state state)
{
    switch (state) {
    case STATE_MAX_POWER:
        return encode16(quantity_power_of_ten((int64_t)m->config.max_power_uw,
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
    default:
        return METER_FIRMWARE_VERSION;
    }
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
    default:
        return 0;
    }
}

/* Registers are base 1, wire addresses base 0: this is the one place where they meet. */
static const struct register_row *find(const struct meter *m, uint32_t addr, int *word,
                                       enum register_kind *kind)
{
    if (addr > 0xFFFE)
        return 0;
    return model_find_register(m->model, (uint16_t)(addr + 1), word, kind);
}

enum modbus_exception registers_read(struct meter *m, uint16_t addr, uint16_t count,
                                     uint16_t *words)
{
    for (uint32_t n = 0; n < count;) {
        enum register_kind kind;
        int word;
        const struct register_row *row = find(m, addr + n, &word, &kind);
        if (!row) {
            if (!m->fill_word || addr + n > 0xFFFF)
                return MODBUS_ILLEGAL_ADDRESS;
            words[n++] = m->fill_word;
            continue;
        }
        uint32_t value = read_row(m, row, kind);
        for (; word < model_register_words(kind) && n < count; word++)
            words[n++] = (uint16_t)(word == 0 ? value >> 16 : value);
    }
    return MODBUS_OK;
}

static bool command_known(uint16_t command)
{
    return command == COMMAND_CLEAR_ENERGY || command == COMMAND_START_SUBINTERVAL ||
           command == COMMAND_RESET_MAXIMA || command == COMMAND_CLEAR_PULSES;
}

static enum modbus_exception run_command(struct meter *m, uint16_t command)
{
    int failed = 0;

    switch (command) {
    case COMMAND_CLEAR_ENERGY:
        failed = meter_reset_energy(m);
        break;
    case COMMAND_START_SUBINTERVAL:
        demand_ask_start(&m->demand);
        break;
    case COMMAND_RESET_MAXIMA:
        demand_ask_reset(&m->demand);
        break;
    default:
        failed = meter_clear_pulses(m);
    }
    return failed ? MODBUS_DEVICE_FAILURE : MODBUS_OK;
}

/* One register of a write, against the candidate settings. */
static enum modbus_exception check_word(const struct meter *m, uint32_t addr,
                                        uint16_t value, struct settings *candidate)
{
    enum register_kind kind;
    int word;
    const struct register_row *row = find(m, addr, &word, &kind);

    if (!row)
        return MODBUS_ILLEGAL_ADDRESS;
    switch (kind) {
    case REG_COMMAND:
        return command_known(value) ? MODBUS_OK : MODBUS_ILLEGAL_VALUE;
    case REG_SINK:
        return value >= 1 && value <= MOST16 ? MODBUS_OK : MODBUS_ILLEGAL_VALUE;
    case REG_POWER_UPS:
        return value <= MOST16 ? MODBUS_OK : MODBUS_ILLEGAL_VALUE;
    case REG_SETTING:
        if (!config_allows(candidate, m->model, (enum setting)row->arg, value))
            return MODBUS_ILLEGAL_VALUE;
        candidate->value[row->arg] = value;
        return MODBUS_OK;
    default:
        return MODBUS_ILLEGAL_ADDRESS;
    }
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
    for (int k = 0; k < SETTINGS; k++)
        if (a->value[k] != b->value[k])
            return false;
    return true;
}

/* Addresses are looked at before values: a block with a read-only register is 02
 * whatever its values are. */
enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words)
{
    struct settings candidate = m->settings;
    enum modbus_exception refused = MODBUS_OK;

    for (uint32_t n = 0; n < count; n++) {
        enum modbus_exception e = check_word(m, addr + n, words[n], &candidate);
        if (e == MODBUS_ILLEGAL_ADDRESS)
            return e;
        if (!refused)
            refused = e;
    }
    if (refused)
        return refused;
    if (!same_settings(&candidate, &m->settings) && meter_apply_settings(m, &candidate))
        return MODBUS_DEVICE_FAILURE;
    for (uint32_t n = 0; n < count; n++) {
        enum register_kind kind;
        int word;
        find(m, addr + n, &word, &kind);
        if (kind == REG_COMMAND)
            refused = run_command(m, words[n]);
        else if (kind == REG_POWER_UPS && meter_set_power_ups(m, words[n]))
            refused = MODBUS_DEVICE_FAILURE;
    }
    return refused;
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
