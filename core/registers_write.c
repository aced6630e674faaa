/* The register map: writing, and the commands of register 129. See registers.h. A write
 * is built up as a candidate, which nothing sees before all of it has been checked. */
#include "core/keep.h"
#include "core/meter.h"
#include "core/registers.h"

enum { MOST16 = 32767 };

/* What a write would make of the meter. */
struct candidate {
    struct settings settings;
    struct clock clock;
    uint16_t command, power_ups;
    bool sets_clock, sets_interval, sets_power_ups, sets_setting;
};

static bool command_known(const struct meter *m, uint16_t command)
{
    return command == COMMAND_CLEAR_ENERGY || command == COMMAND_START_SUBINTERVAL ||
           command == COMMAND_RESET_MAXIMA || command == COMMAND_CLEAR_PULSES ||
           (command == COMMAND_RESET_LOGS && m->model->logs);
}

/* It acts at the end of the second; a chip that is silent now will not keep it. */
static int ask_reset_maxima(struct meter *m)
{
    if (meter_keep(m))
        return -1;
    demand_ask_reset(&m->demand);
    return 0;
}

static int run_command(struct meter *m, uint16_t command)
{
    switch (command) {
    case COMMAND_CLEAR_ENERGY:
        return meter_reset_energy(m);
    case COMMAND_START_SUBINTERVAL:
        demand_ask_start(&m->demand);
        return 0;
    case COMMAND_RESET_MAXIMA:
        return ask_reset_maxima(m);
    case COMMAND_RESET_LOGS:
        return log_reset(m);
    default:
        return meter_clear_pulses(m);
    }
}

static bool take_setting(const struct meter *m, enum setting id, uint16_t value,
                         struct candidate *c)
{
    if (!config_allows(&c->settings, m->model, id, value))
        return false;
    c->settings.value[id] = value;
    c->sets_setting = true;
    c->sets_interval |= id == SETTING_SUBINTERVAL_S;
    return true;
}

/* One register of a write; false when its value is refused. */
static bool take_value(const struct meter *m, const struct register_row *row,
                       enum register_kind kind, uint16_t value, struct candidate *c)
{
    switch (kind) {
    case REG_COMMAND:
        c->command = value;
        return command_known(m, value);
    case REG_POWER_UPS:
        c->power_ups = value;
        c->sets_power_ups = true;
        return value <= MOST16;
    case REG_CLOCK:
        clock_set_word(&c->clock, row->arg, value);
        c->sets_clock = true;
        return true;
    case REG_SETTING:
        return take_setting(m, (enum setting)row->arg, value, c);
    default: /* REG_SINK */
        return value >= 1 && value <= MOST16;
    }
}

static bool writable(const struct register_row *row, enum register_kind kind)
{
    return row && (kind == REG_COMMAND || kind == REG_POWER_UPS || kind == REG_CLOCK ||
                   kind == REG_SETTING || kind == REG_SINK);
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
    for (int k = 0; k < SETTINGS; k++)
        if (a->value[k] != b->value[k])
            return false;
    return true;
}

/* What is stored apart from the settings. */
static int store_the_rest(struct meter *m, const struct candidate *c)
{
    if (c->sets_power_ups && meter_set_power_ups(m, c->power_ups))
        return -1;
    return c->command ? run_command(m, c->command) : 0;
}

/* Settings, the logs' among them, are one record: whole or not at all, whatever fails.
 * A command has a record of its own; when it cannot be stored the settings are put
 * back, which a chip that has gone silent for good may refuse too. */
static enum modbus_exception apply(struct meter *m, const struct candidate *c)
{
    struct settings before = m->settings;
    bool changed = !same_settings(&c->settings, &before) ||
                   (c->sets_setting && keep_has_lost(m, NVM_SETTINGS));

    if (m->waiting)
        return MODBUS_DEVICE_FAILURE;
    if (changed && meter_apply_settings(m, &c->settings))
        return MODBUS_DEVICE_FAILURE;
    if (store_the_rest(m, c)) {
        if (changed)
            meter_apply_settings(m, &before);
        return MODBUS_DEVICE_FAILURE;
    }
    if (c->sets_interval)
        log_note(m, LOG_INTERRUPTED);
    if (c->sets_clock) {
        m->clock = c->clock;
        log_note(m, LOG_CLOCK_CHANGED);
    }
    return MODBUS_OK;
}

/* Addresses are looked at before values: a block with a read-only register is 02
 * whatever its values are. */
enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words)
{
    struct candidate c = { .settings = m->settings, .clock = m->clock };
    bool allowed = true;

    for (uint32_t n = 0; n < count; n++) {
        enum register_kind kind = REG_ZERO;
        int word;
        const struct register_row *row = registers_find(m, addr + n, &word, &kind);
        if (!writable(row, kind))
            return MODBUS_ILLEGAL_ADDRESS;
        allowed = allowed && take_value(m, row, kind, words[n], &c);
    }
    if (!allowed || (c.sets_clock && !clock_valid(&c.clock)))
        return MODBUS_ILLEGAL_VALUE;
    return apply(m, &c);
}

enum modbus_exception registers_set(struct meter *m, enum setting first, int count,
                                    const uint16_t *values)
{
    struct candidate c = { .settings = m->settings, .clock = m->clock };

    for (int k = 0; k < count; k++)
        if (!take_setting(m, (enum setting)(first + k), values[k], &c))
            return MODBUS_ILLEGAL_VALUE;
    return apply(m, &c);
}

enum modbus_exception registers_command(struct meter *m, enum register_command command)
{
    uint16_t word = (uint16_t)command;

    return registers_write(m, COMMAND_REGISTER - 1, 1, &word);
}
