/* The metering core: power-up, the main loop, commands. See meter.h. */
#include "core/meter.h"
#include "core/keep.h"
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

static void configure_board(struct meter *m)
{
    uint16_t ct = m->settings.value[SETTING_CT_SECONDARY];

    hal_ct_range(m->hal, ct == 3 ? HAL_CT_THIRD_V : HAL_CT_1V);
    hal_uart_configure(m->hal, config_baud(&m->settings),
                       (enum hal_parity)m->settings.value[SETTING_PARITY]);
    rtu_configure(&m->rtu, config_baud(&m->settings),
                  (enum hal_parity)m->settings.value[SETTING_PARITY],
                  m->waiting ? 0 : (uint8_t)m->settings.value[SETTING_ADDRESS]);
}

static void report_nvm(struct meter *m)
{
    m->alerts =
        (uint16_t)((m->alerts & ~ALERT_NVM) | (keep_in_trouble(m) ? ALERT_NVM : 0));
}

/* Without its settings a meter knows neither its CTs nor its address: it shows nothing,
 * answers nobody on RS-485, and its alarm contact stays as without power. */
static void start(struct meter *m, struct hal *hal, const struct model *model)
{
    memset(m, 0, sizeof *m);
    m->hal = hal;
    m->model = model;
    m->phase_loss_rule = model->phase_loss_rule;
    m->waiting = keep_load(m) != 0;
    config_derive(&m->config, &m->settings);
    rtu_start(&m->rtu);
    configure_board(m);
    metering_start(&m->metering, &m->settings, &m->config, model, &m->calibration);
    publish_nothing(m);
    clock_start(&m->clock);
    report_nvm(m);
    set_output(m, HAL_BACKLIGHT, true);
    set_output(m, HAL_ALARM_CONTACT, !m->waiting);
}

void meter_start(struct meter *m, struct hal *hal, const struct model *model)
{
    start(m, hal, model);
    menu_start(m);
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
    menu_run(m, now_us);
}

uint64_t meter_deadline(const struct meter *m)
{
    uint64_t pulse_us = pulse_deadline(&m->pulse, &m->settings);
    uint64_t frame_us = rtu_deadline(&m->rtu);
    uint64_t panel_us = menu_deadline(&m->menu);

    if (panel_us < pulse_us)
        pulse_us = panel_us;
    return frame_us < pulse_us ? frame_us : pulse_us;
}

void meter_keys(struct meter *m, unsigned down, uint64_t now_us)
{
    menu_contacts(m, down, now_us);
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
    if (keep_in_trouble(m))
        bits |= ALERT_NVM;
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
    keep_second(m);
    report_nvm(m);
    menu_second(m);
}

/* A power-up in all but name, when NVM answers at last; what the board told the meter
 * since its own power-up holds. */
static void start_late(struct meter *m)
{
    const uint16_t fill_word = m->fill_word;
    const uint8_t rule = m->phase_loss_rule;
    const uint64_t now_us = m->now_us;
    const struct menu menu = m->menu;
    const struct lcd lcd = m->lcd;

    start(m, m->hal, m->model);
    m->fill_word = fill_word;
    m->phase_loss_rule = rule;
    m->now_us = now_us;
    m->menu = menu;
    m->lcd = lcd;
    menu_settings_changed(m);
    menu_second(m);
}

void meter_poll(struct meter *m)
{
    bool took = true;

    while (took)
        if (metering_block(&m->metering, &m->config, m->model, &m->calibration,
                           &m->energy, &m->second, &took))
            m->waiting ? start_late(m) : end_second(m);
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
    keep_accept(m, NVM_SETTINGS);
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
    menu_settings_changed(m);
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
    keep_accept(m, NVM_ENERGY);
    keep_accept(m, NVM_COUNTERS);
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
    keep_accept(m, NVM_CALIBRATION);
    metering_book_now(&m->metering, m->model, &m->energy);
    m->calibration = *calibration;
    metering_scale(&m->metering, &m->settings, &m->config, m->model, &m->calibration);
    return 0;
}

int meter_set_power_ups(struct meter *m, uint16_t count)
{
    struct counters counters = { count, m->counters.lost & ~(1u << NVM_COUNTERS) };

    if (nvm_save(&m->nvm, m->hal, NVM_COUNTERS, &counters, sizeof counters))
        return -1;
    m->counters = counters;
    m->nvm.lost &= (uint8_t) ~(1 << NVM_COUNTERS);
    return 0;
}

bool meter_reading(const struct meter *m, enum quantity q, int64_t *value)
{
    *value = m->reading[q];
    return (quantity_table[q].types & m->config.type_bit) && *value != METER_NO_READING;
}
