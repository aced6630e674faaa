/* A fault of a unit takes a value: what it acts on besides the sensors, which are
 * prepared anew at every change. The rows are in fault.def; grid and FRAM have files of
 * their own. */
#include "hal_sim/unit.h"
#include "hal_sim/unit_control.h"
#include <stdlib.h>

static void change_clock(struct unit *u)
{
    const double warmer = u->faults->value[FAULT_TEMPERATURE][0] - 25;
    const double ppm = u->faults->value[FAULT_CLOCK_ERROR][0] +
                       u->faults->value[FAULT_CLOCK_DRIFT][0] * warmer * warmer;
    const int64_t rate_ppb = (int64_t)(ppm * 1000);

    if (rate_ppb == u->rate_ppb)
        return;
    u->clock_ns = unit_sample_ns(u, u->clock_count);
    u->clock_count = 0;
    u->rate_ppb = rate_ppb;
    waveform_set_rate(u->world, HAL_SAMPLE_RATE * (1 + (double)u->rate_ppb * 1e-9));
}

static void change_contacts(struct unit *u)
{
    int welded = (int)u->faults->value[FAULT_CONTACT_WELDED][0];
    int open = (int)u->faults->value[FAULT_CONTACT_OPEN][0];

    for (int contact = HAL_ENERGY_CONTACT; contact <= HAL_ALARM_CONTACT; contact++)
        board_stick_contact(&u->hal, (enum hal_output)contact,
                            open == contact + 1     ? BOARD_CONTACT_OPEN
                            : welded == contact + 1 ? BOARD_CONTACT_CLOSED
                                                    : BOARD_CONTACT_FREE);
}

static void change_lights(struct unit *u)
{
    const int dead = (int)u->faults->value[FAULT_LED_DEAD][0];

    for (int light = HAL_LED_GREEN; light <= HAL_BACKLIGHT; light++)
        board_stick_contact(&u->hal, (enum hal_output)light,
                            dead == light - HAL_LED_GREEN + 1 ? BOARD_CONTACT_OPEN
                                                              : BOARD_CONTACT_FREE);
}

static void restart_lost(struct unit *u)
{
    u->since_lost = 0;
}

static void restart_doubled(struct unit *u)
{
    u->since_doubled = 0;
}

static void restart_dips(struct unit *u)
{
    u->dips_ns = u->now_ns;
    unit_dip(u);
}

/* What else a fault acts on, besides the sensors, before they are prepared anew. */
static const struct {
    enum fault_id fault;
    void (*act)(struct unit *u);
} actions[] = {
    { FAULT_CLOCK_ERROR, change_clock },
    { FAULT_CLOCK_DRIFT, change_clock },
    { FAULT_TEMPERATURE, change_clock },
    { FAULT_ADC_LOST, restart_lost },
    { FAULT_ADC_DOUBLED, restart_doubled },
    { FAULT_SUPPLY_DIPS, restart_dips },
    { FAULT_CONTACT_WELDED, change_contacts },
    { FAULT_CONTACT_OPEN, change_contacts },
    { FAULT_LED_DEAD, change_lights },
    { FAULT_CONTROL_LOW, unit_control_changed },
};

static void act_on(struct unit *u, enum fault_id fault)
{
    for (size_t k = 0; k < sizeof actions / sizeof *actions; k++)
        if (actions[k].fault == fault)
            actions[k].act(u);
    if (fault_table[fault].family == FAULT_FAMILY_GRID && fault != FAULT_EARTH_FAULT)
        unit_grid_faults(u);
}

struct faults *unit_own_faults(struct unit *u)
{
    if (!u->own_faults) {
        u->own_faults = malloc(sizeof *u->own_faults);
        if (!u->own_faults)
            abort();
        fault_clear_all(u->own_faults);
        u->faults = u->sensors.faults = u->own_faults;
    }
    return u->own_faults;
}

void unit_drop_faults(struct unit *u)
{
    free(u->own_faults);
    u->own_faults = NULL;
    u->faults = u->sensors.faults = &faults_none;
}

void unit_set_fault(struct unit *u, enum fault_id fault, int phase, double value)
{
    const double before = u->faults->value[fault][0];

    for (int k = 0; k < 3; k++)
        if (phase < 0 || phase == k)
            unit_own_faults(u)->value[fault][k] = value;
    act_on(u, fault);
    if (fault == FAULT_SUPPLY_LOSS && (value != 0) != (before != 0))
        unit_supply(u, value == 0);
    if (fault == FAULT_KEY_STUCK)
        unit_keys(u, u->contacts.pressed);
    if (fault_table[fault].family == FAULT_FAMILY_BUS)
        u->link.answers = 0;
    if (fault_table[fault].family == FAULT_FAMILY_GATEWAY)
        u->link.polls = u->link.hits = 0;
    if (fault_table[fault].family == FAULT_FAMILY_BOARD || fault == FAULT_ADC_LOST)
        unit_board_fault(u, fault, value);
    unit_nvm_faults(u, fault, value);
    if (!fault_is_any(u->faults))
        unit_drop_faults(u);
    unit_sensors_changed(u);
}
