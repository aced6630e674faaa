/* Changes of a meter from outside. See transaction.h. */
#include "core/transaction.h"
#include "core/assert.h"
#include "core/log.h"
#include "core/meter_state.h"
#include "core/metering.h"
#include "core/persist.h"
#include "core/publish.h"
#include "core/records.h"
#include <string.h>

enum { COUNT_MAX = 32767 };

void transaction_configure_board(struct meter *m)
{
    uint16_t ct = m->settings.value[SETTING_CT_SECONDARY];

    hal_ct_range(m->hal, ct == 3 ? HAL_CT_THIRD_V : HAL_CT_1V);
    hal_uart_configure(m->hal, config_baud(&m->settings),
                       (enum hal_parity)m->settings.value[SETTING_PARITY]);
    rtu_configure(&m->rtu, config_baud(&m->settings),
                  (enum hal_parity)m->settings.value[SETTING_PARITY],
                  m->waiting ? 0 : (uint8_t)m->settings.value[SETTING_ADDRESS]);
}

/* A change of system type starts the windows anew; other changes take effect on the
 * window that runs. */
static int apply_settings(struct meter *m, const struct settings *settings)
{
    const struct metering_setup setup = meter_setup(m);
    struct settings before = m->settings;
    bool new_type =
        settings->value[SETTING_SYSTEM_TYPE] != before.value[SETTING_SYSTEM_TYPE];

    if (nvm_save(&m->nvm, m->hal, NVM_SETTINGS, &settings_layout, settings))
        return -1;
    persist_accept(m, NVM_SETTINGS);
    metering_accumulate_now(&m->metering, m->model, &m->energy);
    m->settings = *settings;
    config_derive(&m->config, &m->settings);
    transaction_configure_board(m);
    log_settings_changed(m, &before);
    if (new_type) {
        metering_start(&m->metering, &setup);
        memset(&m->second, 0, sizeof m->second);
        publish_nothing(m);
    } else {
        metering_scale(&m->metering, &setup);
    }
    m->settings_changed = true;
    return 0;
}

static int reset_energy(struct meter *m)
{
    struct energy before = m->energy;

    energy_reset(&m->energy);
    if (persist_energy(m)) {
        m->energy = before;
        return -1;
    }
    persist_accept(m, NVM_ENERGY);
    persist_accept(m, NVM_COUNTERS);
    publish_energy(m);
    return 0;
}

static int clear_pulses(struct meter *m)
{
    struct pulse before = m->pulse;

    pulse_clear_counts(&m->pulse);
    if (persist_energy(m)) {
        m->pulse = before;
        return -1;
    }
    publish_energy(m);
    return 0;
}

static int set_power_ups(struct meter *m, uint16_t count)
{
    struct counters counters = { count, m->counters.lost & ~(1u << NVM_COUNTERS) };

    if (nvm_save(&m->nvm, m->hal, NVM_COUNTERS, &counters_layout, &counters))
        return -1;
    m->counters = counters;
    m->nvm.lost &= (uint8_t) ~(1 << NVM_COUNTERS);
    return 0;
}

/* It acts at the end of the second; a chip that is silent now will not store it. */
static int ask_reset_maxima(struct meter *m)
{
    if (persist_energy(m))
        return -1;
    demand_ask_reset(&m->demand);
    return 0;
}

static int run_command(struct meter *m, enum register_command command)
{
    switch (command) {
    case COMMAND_CLEAR_ENERGY:
        return reset_energy(m);
    case COMMAND_START_SUBINTERVAL:
        demand_ask_start(&m->demand);
        return 0;
    case COMMAND_RESET_MAXIMA:
        return ask_reset_maxima(m);
    case COMMAND_RESET_LOGS:
        return log_reset(m);
    case COMMAND_CLEAR_PULSES:
        return clear_pulses(m);
    }
    CORE_UNREACHABLE(); /* transaction_command */
}

void transaction_start(struct transaction *t, const struct meter *m)
{
    memset(t, 0, sizeof *t);
    t->settings = m->settings;
    t->clock = m->clock;
}

bool transaction_set(struct transaction *t, const struct model *model, enum setting id,
                     uint16_t value)
{
    if (!config_allows(&t->settings, model, id, value))
        return false;
    t->settings.value[id] = value;
    t->sets_setting = true;
    t->sets_interval |= id == SETTING_SUBINTERVAL_S;
    return true;
}

bool transaction_command(struct transaction *t, const struct model *model,
                         uint16_t command)
{
    t->command = command;
    return command == COMMAND_CLEAR_ENERGY || command == COMMAND_START_SUBINTERVAL ||
           command == COMMAND_RESET_MAXIMA || command == COMMAND_CLEAR_PULSES ||
           (command == COMMAND_RESET_LOGS && model->logs);
}

bool transaction_power_ups(struct transaction *t, uint16_t count)
{
    t->power_ups = count;
    t->sets_power_ups = true;
    return count <= COUNT_MAX;
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
    for (int k = 0; k < SETTINGS; k++)
        if (a->value[k] != b->value[k])
            return false;
    return true;
}

/* What is stored apart from the settings. */
static int store_the_rest(struct meter *m, const struct transaction *t)
{
    if (t->sets_power_ups && set_power_ups(m, t->power_ups))
        return -1;
    return t->command ? run_command(m, (enum register_command)t->command) : 0;
}

/* Settings, the logs' among them, are one record: whole or not at all, whatever fails.
 * A command has a record of its own; when it cannot be stored the settings are put
 * back, which a chip that has gone silent for good may refuse too. */
enum modbus_exception transaction_commit(const struct transaction *t, struct meter *m)
{
    struct settings before = m->settings;
    bool changed = !same_settings(&t->settings, &before) ||
                   (t->sets_setting && persist_has_lost(m, NVM_SETTINGS));

    if (m->waiting)
        return MODBUS_DEVICE_FAILURE;
    if (changed && apply_settings(m, &t->settings))
        return MODBUS_DEVICE_FAILURE;
    if (store_the_rest(m, t)) {
        if (changed)
            apply_settings(m, &before);
        return MODBUS_DEVICE_FAILURE;
    }
    if (t->sets_interval)
        log_note(m, LOG_INTERRUPTED);
    if (t->sets_clock) {
        m->clock = t->clock;
        log_note(m, LOG_CLOCK_CHANGED);
    }
    return MODBUS_OK;
}

enum modbus_exception transaction_set_settings(struct meter *m, enum setting first,
                                               int count, const uint16_t *values)
{
    struct transaction t;

    transaction_start(&t, m);
    for (int k = 0; k < count; k++)
        if (!transaction_set(&t, m->model, (enum setting)(first + k), values[k]))
            return MODBUS_ILLEGAL_VALUE;
    return transaction_commit(&t, m);
}

enum modbus_exception transaction_run_command(struct meter *m,
                                              enum register_command command)
{
    struct transaction t;

    transaction_start(&t, m);
    if (!transaction_command(&t, m->model, (uint16_t)command))
        return MODBUS_ILLEGAL_VALUE;
    return transaction_commit(&t, m);
}

int transaction_calibrate(struct meter *m, const struct calibration *calibration)
{
    const struct metering_setup setup = meter_setup(m);

    if (nvm_save(&m->nvm, m->hal, NVM_CALIBRATION, &calibration_layout, calibration))
        return -1;
    persist_accept(m, NVM_CALIBRATION);
    metering_accumulate_now(&m->metering, m->model, &m->energy);
    m->calibration = *calibration;
    metering_scale(&m->metering, &setup);
    return 0;
}
