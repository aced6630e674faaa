/* The metering core: power-up, the main loop, commands. See meter.h. */
#include "core/meter.h"
#include "core/lcd.h"
#include "core/publish.h"
#include <string.h>

static void set_output(struct meter *m, enum hal_output which, bool on)
{
    uint8_t bit = (uint8_t)(1 << which);

    if ((m->outputs & bit) == (on ? bit : 0))
        return;
    m->outputs ^= bit;
    hal_output(m->hal, which, on);
}

/* A record whose CRC holds may still be of another firmware: no setting may be one that
 * could not have been made. */
static void load_settings(struct meter *m)
{
    struct settings stored;

    config_defaults(&m->settings, m->model);
    if (!nvm_load(&m->nvm, m->hal, NVM_SETTINGS, &stored, sizeof stored))
        return;
    for (int k = 0; k < SETTINGS; k++)
        if (config_in_range(m->model, (enum setting)k, stored.value[k]))
            m->settings.value[k] = stored.value[k];
}

/* NVM that holds nothing valid is that of a new meter: defaults. */
static void load_nvm(struct meter *m)
{
    struct kept_energy kept = { 0 };

    load_settings(m);
    nvm_load(&m->nvm, m->hal, NVM_CALIBRATION, &m->calibration, sizeof m->calibration);
    nvm_load(&m->nvm, m->hal, NVM_COUNTERS, &m->counters, sizeof m->counters);
    nvm_load(&m->nvm, m->hal, NVM_ENERGY, &kept, sizeof kept);
    m->energy = kept.energy;
    m->demand.maxima = kept.maxima;
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        m->pulse.channel[k].count = kept.pulse_count[k];
        m->pulse.channel[k].rest_uj = kept.pulse_rest_uj[k];
    }
}

static void configure_board(struct meter *m)
{
    uint16_t ct = m->settings.value[SETTING_CT_SECONDARY];

    hal_ct_range(m->hal, ct == 3 ? HAL_CT_THIRD_V : HAL_CT_1V);
    hal_uart_configure(m->hal, config_baud(&m->settings),
                       (enum hal_parity)m->settings.value[SETTING_PARITY]);
    rtu_configure(&m->rtu, config_baud(&m->settings),
                  (enum hal_parity)m->settings.value[SETTING_PARITY],
                  (uint8_t)m->settings.value[SETTING_ADDRESS]);
}

void meter_start(struct meter *m, struct hal *hal, const struct model *model)
{
    memset(m, 0, sizeof *m);
    m->hal = hal;
    m->model = model;
    m->phase_loss_rule = model->phase_loss_rule;
    load_nvm(m);
    m->counters.power_ups = (m->counters.power_ups + 1) & 0x7FFF;
    nvm_save(&m->nvm, hal, NVM_COUNTERS, &m->counters, sizeof m->counters);
    config_derive(&m->config, &m->settings);
    rtu_start(&m->rtu);
    configure_board(m);
    metering_start(&m->metering, &m->settings, &m->config, model, &m->calibration);
    publish_nothing(m);
    clock_start(&m->clock);
    log_start(m);
    set_output(m, HAL_BACKLIGHT, true);
    set_output(m, HAL_ALARM_CONTACT, true);
}

void meter_samples(struct meter *m, const int32_t x[][BLOCK], uint32_t count)
{
    acquire_samples(&m->metering.acquire, x, count);
}

void meter_tick(struct meter *m, uint64_t now_us)
{
    m->now_us = now_us;
    pulse_run(&m->pulse, m->hal, &m->settings, &m->config, now_us);
    rtu_run(&m->rtu, m, m->hal, now_us);
}

uint64_t meter_deadline(const struct meter *m)
{
    uint64_t pulse_us = pulse_deadline(&m->pulse, &m->settings);
    uint64_t frame_us = rtu_deadline(&m->rtu);
    return frame_us < pulse_us ? frame_us : pulse_us;
}

void meter_uart_byte(struct meter *m, uint8_t byte, unsigned flags, uint64_t now_us)
{
    rtu_byte(&m->rtu, m, m->hal, byte, flags, now_us);
}

static void update_alerts(struct meter *m)
{
    unsigned bits = alert_bits(&m->metering, &m->settings, &m->config,
                               (enum phase_loss_rule)m->phase_loss_rule, &m->second);

    if (m->pulse.overrun)
        bits |= ALERT_PULSE_OVERRUN;
    if (m->config.pulse_too_fast)
        bits |= ALERT_PULSE_CONFIG;
    m->alerts = (uint16_t)bits;
    set_output(m, HAL_ALARM_CONTACT, !(bits & ALERT_PHASE_LOSS));
    set_output(m, HAL_LED_RED, (bits & ALERT_PHASE_LOSS) != 0);
}

/* A second is complete: everything that is published changes here, at once. */
static void end_second(struct meter *m)
{
    const struct second *s = &m->second;

    m->seconds++;
    clock_second(&m->clock);
    demand_second(&m->demand, &m->settings, s);
    /* Counter 2: export Wh; varh on the unidirectional model. */
    const uint64_t uj[PULSE_CHANNELS] = { s->import_uj, m->model->unidirectional
                                                            ? s->reactive_uj
                                                            : s->export_uj };
    pulse_second(&m->pulse, &m->settings, &m->config, m->now_us, uj, s->p_total);
    update_alerts(m);
    publish_readings(m);
    if (m->demand.now.seconds == 0 && m->model->logs) /* a sub-interval has ended */
        log_subinterval(m);
    meter_keep(m);
    lcd_status(m);
}

void meter_poll(struct meter *m)
{
    bool took = true;

    while (took)
        if (metering_block(&m->metering, &m->config, m->model, &m->calibration,
                           &m->energy, &m->second, &took))
            end_second(m);
}

int meter_keep(struct meter *m)
{
    struct kept_energy kept;

    memset(&kept, 0, sizeof kept);
    kept.energy = m->energy;
    kept.maxima = m->demand.maxima;
    for (int k = 0; k < PULSE_CHANNELS; k++) {
        const struct pulse_channel *c = &m->pulse.channel[k];
        kept.pulse_count[k] = c->count + (c->due - c->given);
        kept.pulse_rest_uj[k] = c->rest_uj;
    }
    return nvm_save(&m->nvm, m->hal, NVM_ENERGY, &kept, sizeof kept);
}

/* A change of system type starts the windows anew; other changes take effect on the
 * window that runs. */
int meter_apply_settings(struct meter *m, const struct settings *settings)
{
    struct settings before = m->settings;
    bool new_type =
        settings->value[SETTING_SYSTEM_TYPE] != before.value[SETTING_SYSTEM_TYPE];

    if (nvm_save(&m->nvm, m->hal, NVM_SETTINGS, settings, sizeof *settings))
        return -1;
    metering_book_now(&m->metering, m->model, &m->energy);
    m->settings = *settings;
    config_derive(&m->config, &m->settings);
    configure_board(m);
    log_settings_changed(m, &before);
    if (new_type) {
        metering_start(&m->metering, &m->settings, &m->config, m->model,
                       &m->calibration);
        memset(&m->second, 0, sizeof m->second);
        publish_nothing(m);
    } else {
        metering_scale(&m->metering, &m->settings, &m->config, m->model,
                       &m->calibration);
    }
    return 0;
}

int meter_reset_energy(struct meter *m)
{
    struct energy before = m->energy;

    energy_reset(&m->energy);
    if (meter_keep(m)) {
        m->energy = before;
        return -1;
    }
    m->pulse.overrun = false;
    publish_energy(m);
    return 0;
}

int meter_clear_pulses(struct meter *m)
{
    struct pulse before = m->pulse;

    pulse_clear_counts(&m->pulse);
    if (meter_keep(m)) {
        m->pulse = before;
        return -1;
    }
    publish_energy(m);
    return 0;
}

int meter_calibrate(struct meter *m, const struct calibration *calibration)
{
    if (nvm_save(&m->nvm, m->hal, NVM_CALIBRATION, calibration, sizeof *calibration))
        return -1;
    metering_book_now(&m->metering, m->model, &m->energy);
    m->calibration = *calibration;
    metering_scale(&m->metering, &m->settings, &m->config, m->model, &m->calibration);
    return 0;
}

int meter_set_power_ups(struct meter *m, uint16_t count)
{
    struct counters counters = { count };

    if (nvm_save(&m->nvm, m->hal, NVM_COUNTERS, &counters, sizeof counters))
        return -1;
    m->counters = counters;
    return 0;
}

bool meter_reading(const struct meter *m, enum quantity q, int64_t *value)
{
    *value = m->reading[q];
    return (quantity_table[q].types & m->config.type_bit) && *value != METER_NO_READING;
}
