/* The metering core: power-up, the main loop, what a board calls. See meter.h. */
#include "core/meter.h"
#include "core/alert.h"
#include "core/log.h"
#include "core/menu.h"
#include "core/metering.h"
#include "core/pdu.h"
#include "core/persist.h"
#include "core/publish.h"
#include "core/second.h"
#include "core/transaction.h"
#include <string.h>

enum { SAVE_US = 10000 }; /* more than half a cycle is never lost to a failing supply */

static void set_output(struct meter *m, enum hal_output which, bool on)
{
    uint8_t bit = (uint8_t)(1 << which);

    if ((m->outputs & bit) == (on ? bit : 0))
        return;
    m->outputs ^= bit;
    hal_output(m->hal, which, on);
}

static void report_fault(struct meter *m)
{
    const bool fault = persist_in_trouble(m) || m->front_end.silent ||
                       m->board.faults & ~HAL_WITHOUT_ALARM;

    m->alerts = (uint16_t)((m->alerts & ~ALERT_FAULT) | (fault ? ALERT_FAULT : 0));
}

/* What NVM holds; false when it does not answer. */
static bool load(struct meter *m)
{
    if (persist_load(m))
        return false;
    publish_energy(m); /* the logs start from it */
    if (log_start(m))
        return false;
    persist_power_up(m);
    return true;
}

/* Without its settings a meter knows neither its CTs nor its address: it shows nothing,
 * answers nobody on RS-485, and its alarm contact stays as without power. */
static void start(struct meter *m, struct hal *hal, const struct model *model)
{
    memset(m, 0, sizeof *m);
    m->hal = hal;
    m->model = model;
    m->rules = model->rules;
    m->waiting = !load(m);
    config_derive(&m->config, &m->settings);
    rtu_start(&m->rtu);
    transaction_configure_board(m);
    const struct metering_setup setup = meter_setup(m);
    metering_start(&m->metering, &setup);
    publish_nothing(m);
    clock_start(&m->clock);
    report_fault(m);
    set_output(m, HAL_BACKLIGHT, true);
    set_output(m, HAL_ALARM_CONTACT, !m->waiting);
}

void meter_start(struct meter *m, struct hal *hal, const struct model *model)
{
    start(m, hal, model);
    menu_start(m);
}

bool meter_samples(struct meter *m, const int32_t x[][BLOCK], uint32_t count)
{
    return acquire_samples(&m->metering.acquire, x, count);
}

int meter_request(struct meter *m, const uint8_t *request, int length, uint8_t *answer)
{
    int size = pdu_answer(m, request, length, answer);

    menu_follow_settings(m);
    return size;
}

/* Answers the frame from RS-485 that silence has ended by now_us. */
static void answer_frame(struct meter *m, uint64_t now_us)
{
    uint8_t answer[METER_PDU_MAX];
    const uint8_t *request;
    int length = rtu_request(&m->rtu, now_us, &request);

    if (length)
        rtu_answer(&m->rtu, m->hal, answer, meter_request(m, request, length, answer),
                   now_us);
}

void meter_keys(struct meter *m, unsigned down, uint64_t now_us)
{
    m->factory.keys_seen |= (uint8_t)(down & ((1 << KEYS) - 1));
    menu_contacts(m, down, now_us);
}

void meter_uart_byte(struct meter *m, uint8_t byte, unsigned flags, uint64_t now_us)
{
    answer_frame(m, now_us);
    rtu_byte(&m->rtu, byte, flags, now_us);
}

static void update_alerts(struct meter *m)
{
    const bool silent = m->front_end.silent;
    unsigned bits = silent ? ALERT_FREQUENCY
                           : alert_bits(&m->metering, &m->settings, &m->config,
                                        &m->rules, &m->second);

    if (m->energy.overrun)
        bits |= ALERT_PULSE_OVERRUN;
    if (m->config.pulse_too_fast)
        bits |= ALERT_PULSE_CONFIG;
    m->alerts = (uint16_t)bits;
    report_fault(m);
    set_output(m, HAL_ALARM_CONTACT, !silent && !(bits & ALERT_PHASE_LOSS));
    set_output(m, HAL_LED_RED, (bits & ALERT_PHASE_LOSS) != 0);
}

/* A second is complete: everything that is published changes here, at once. */
static void end_second(struct meter *m)
{
    const struct second *s = &m->second;

    m->seconds++;
    clock_second(&m->clock);
    while (front_end_next_second(&m->front_end))
        clock_second(&m->clock);
    demand_second(&m->demand, &m->settings, s);
    /* Counter 2: export Wh; varh on the unidirectional model. */
    const uint64_t uj[PULSE_CHANNELS] = { s->import_uj, m->model->unidirectional
                                                            ? s->reactive_uj
                                                            : s->export_uj };
    if (pulse_second(&m->pulse, &m->settings, &m->config, m->now_us, uj, s->p_total))
        m->energy.overrun = 1;
    update_alerts(m);
    m->front_end.silent ? publish_nothing(m) : publish_readings(m);
    if (m->demand.now.us == 0 && m->model->logs) /* a sub-interval has ended */
        log_subinterval(m);
    persist_second(m);
    report_fault(m);
    menu_second(m);
}

/* A power-up in all but name, when NVM answers at last; what the board reported
 * since its own power-up holds. */
static void start_late(struct meter *m)
{
    const uint16_t fill_word = m->fill_word;
    const struct alert_rules rules = m->rules;
    const struct front_end front_end = m->front_end;
    const uint64_t now_us = m->now_us;
    const struct menu menu = m->menu;
    const struct lcd lcd = m->lcd;
    const bool failing = m->failing;
    const struct hal_report board = m->board;
    const uint32_t board_faults_seen = m->board_faults_seen;

    start(m, m->hal, m->model);
    m->fill_word = fill_word;
    m->rules = rules;
    m->front_end = front_end;
    m->front_end.sets = m->metering.acquire.sets;
    m->now_us = m->save_us = now_us;
    m->failing = failing;
    m->board = board;
    m->board_faults_seen = board_faults_seen;
    m->menu = menu;
    m->lcd = lcd;
    m->settings_changed = true;
    menu_follow_settings(m);
    menu_second(m);
}

static void finish_second(struct meter *m, const struct window_sums *sums)
{
    const struct metering_setup setup = meter_setup(m);

    second_finish(&m->metering, sums, &setup, &m->energy, &m->second);
    m->waiting ? start_late(m) : end_second(m);
}

/* No set has come for a second, or not since the last one by the tick. What came of the
 * second in which the sets ended counts in demand by the powers of the one before. */
static void end_silent_second(struct meter *m)
{
    struct front_end *f = &m->front_end;
    const int32_t part_us = f->silent ? 0 : metering_part_us(&m->metering);

    m->now_us = front_end_deadline(f);
    if (!f->silent)
        demand_energy(&m->demand, &m->second, (uint32_t)(part_us + METERING_BEHIND_US));
    front_end_end_second(f, part_us);
    metering_silence(&m->metering, m->model, &m->energy, &m->second);
    m->waiting ? start_late(m) : end_second(m);
}

static void follow_front_end(struct meter *m, uint64_t now_us)
{
    struct front_end *f = &m->front_end;
    const uint32_t came = front_end_new_sets(f, m->metering.acquire.sets, now_us);

    if (came && f->silent)
        demand_pass(&m->demand,
                    front_end_resume(f, metering_resume(&m->metering, came), now_us));
    while (now_us >= front_end_deadline(f))
        end_silent_second(m);
}

/* A write that is refused is tried again with the next one. */
static void save_in_time(struct meter *m)
{
    if (!m->failing || m->now_us < m->save_us)
        return;
    m->save_us = m->now_us + SAVE_US;
    meter_save(m);
}

void meter_board(struct meter *m, const struct hal_report *report)
{
    m->board = *report;
    m->board_faults_seen |= report->faults;
    report_fault(m);
}

void meter_supply(struct meter *m, bool good)
{
    if (m->failing == !good)
        return;
    m->failing = !good;
    m->save_us = m->now_us;
    save_in_time(m);
}

/* Frames and panel are served by the tick alone, seconds by the sets, or by the tick when
 * none come. */
void meter_tick(struct meter *m, uint64_t now_us)
{
    follow_front_end(m, now_us);
    m->now_us = now_us;
    pulse_run(&m->pulse, m->hal, &m->config, now_us);
    if (now_us >= rtu_deadline(&m->rtu))
        answer_frame(m, now_us);
    menu_run(m, now_us);
    save_in_time(m);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t meter_deadline(const struct meter *m)
{
    const uint64_t save = m->failing ? m->save_us : UINT64_MAX;

    return earlier(
        earlier(earlier(pulse_deadline(&m->pulse), rtu_deadline(&m->rtu)), save),
        earlier(menu_deadline(&m->menu), front_end_deadline(&m->front_end)));
}

void meter_poll(struct meter *m)
{
    struct window_sums sums;
    bool received = true;

    follow_front_end(m, m->now_us);
    while (received)
        if (metering_block(&m->metering, &sums, &received))
            finish_second(m, &sums);
}

int meter_save(struct meter *m)
{
    return persist_unfinished(m);
}

int meter_calibrate(struct meter *m, const struct calibration *calibration)
{
    return transaction_calibrate(m, calibration);
}
