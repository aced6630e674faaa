/* What a write would make of the meter. See candidate.h. */
#include "core/candidate.h"
#include "core/keep.h"
#include "core/meter.h"

bool candidate_command_known(const struct meter *m, uint16_t command)
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

bool candidate_take_setting(const struct meter *m, enum setting id, uint16_t value,
                            struct candidate *c)
{
    if (!config_allows(&c->settings, m->model, id, value))
        return false;
    c->settings.value[id] = value;
    c->sets_setting = true;
    c->sets_interval |= id == SETTING_SUBINTERVAL_S;
    return true;
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
enum modbus_exception candidate_apply(struct meter *m, const struct candidate *c)
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

enum modbus_exception registers_set(struct meter *m, enum setting first, int count,
                                    const uint16_t *values)
{
    struct candidate c = { .settings = m->settings, .clock = m->clock };

    for (int k = 0; k < count; k++)
        if (!candidate_take_setting(m, (enum setting)(first + k), values[k], &c))
            return MODBUS_ILLEGAL_VALUE;
    return candidate_apply(m, &c);
}

enum modbus_exception registers_command(struct meter *m, enum register_command command)
{
    struct candidate c = { .settings = m->settings,
                           .clock = m->clock,
                           .command = (uint16_t)command };

    if (!candidate_command_known(m, c.command))
        return MODBUS_ILLEGAL_VALUE;
    return candidate_apply(m, &c);
}
