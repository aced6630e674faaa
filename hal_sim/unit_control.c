/* A unit's control power, where it is wired to the voltages that the meter measures. See
 * control.h for the law. */
#include "hal_sim/unit_control.h"
#include "hal_sim/sensors_view.h"
#include "waveform/base/constants.h"
#include <math.h>

enum { TERMINAL_N = 3 };

/* 5 VA at 120 V (manuals, "Control Power"), behind a corroded terminal. */
static const double SUPPLY_KOHM = 2.88;

static double value(const struct unit *u, enum fault_id fault, int k)
{
    return u->faults->value[fault][k];
}

static bool terminal_open(const struct unit *u, int terminal)
{
    return terminal == TERMINAL_N ? value(u, FAULT_NEUTRAL_OPEN, 0) != 0
                                  : value(u, FAULT_PT_FUSE, terminal) != 0;
}

/* Share of the terminals' voltage that reaches the supply. */
static double control_share(const struct unit *u, const int terminal[2])
{
    double share = 1 - value(u, FAULT_CONTROL_LOW, 0) / 100, kohm = SUPPLY_KOHM;

    for (int end = 0; end < 2; end++) {
        if (terminal_open(u, terminal[end]))
            return 0;
        if (terminal[end] != TERMINAL_N)
            kohm += value(u, FAULT_INPUT_RESISTANCE, terminal[end]);
    }
    return share * SUPPLY_KOHM / kohm;
}

void unit_control_samples(struct unit *u, int n, double x[][WAVEFORM_BLOCK])
{
    const double conducts = CONTROL_VOLTS_MIN * SQRT2;
    double volts[2] = { 0, 0 }, peak = 0;
    int terminal[2], first = -1, last = -1;

    if (u->control.wired == CONTROL_SEPARATE)
        return;
    control_terminals(u->control.wired, terminal);
    const double share = control_share(u, terminal);
    for (int t = 0; t < n; t++) {
        for (int end = 0; end < 2; end++)
            if (terminal[end] != TERMINAL_N)
                volts[end] = x[terminal[end]][t] /
                             sensors_codes_per_input_volt(&u->sensors, terminal[end]);
        double size = share * fabs(volts[0] - volts[1]);
        peak = fmax(peak, size);
        if (size < conducts)
            continue;
        first = first < 0 ? t : first;
        last = t;
    }
    control_charge(&u->control, peak, unit_sample_ns(u, u->clock_count + first + 1),
                   last < 0 ? 0 : unit_sample_ns(u, u->clock_count + last + 1));
}

int64_t unit_ride_ns(const struct unit *u)
{
    const struct control *c = &u->control;
    double capacitor_ms = value(u, FAULT_SUPPLY_CAPACITOR, 0);
    double volts = CONTROL_VOLTS;

    if (c->wired != CONTROL_SEPARATE)
        volts = fmax(CONTROL_VOLTS_MIN, fmax(c->peak, c->peak_before) / SQRT2);
    return control_ride_ns(volts, capacitor_ms);
}

static bool has_voltage(const struct unit *u)
{
    return u->now_ns - u->control.charged_ns <= CONTROL_PAUSE_NS;
}

static void give_back(struct unit *u)
{
    u->control.lost = false;
    if (value(u, FAULT_SUPPLY_LOSS, 0) == 0 && !u->dipped)
        unit_supply(u, true);
}

/* Until the pause is noticed, peaks of the blocks before it say how long it may last. */
static void take_away(struct unit *u)
{
    u->control.lost = true;
    if (!u->supplied)
        return;
    unit_supply(u, false);
    u->supply_lost_ns = u->control.charged_ns;
}

void unit_control_run(struct unit *u)
{
    struct control *c = &u->control;

    if (c->wired == CONTROL_SEPARATE)
        return;
    if (!c->lost && !has_voltage(u))
        take_away(u);
    else if (c->lost && has_voltage(u) &&
             (u->powered || u->now_ns - c->since_ns >= CONTROL_START_NS))
        give_back(u);
}

int64_t unit_control_next(const struct unit *u)
{
    const struct control *c = &u->control;

    if (c->wired == CONTROL_SEPARATE || !c->lost || !has_voltage(u) || u->powered)
        return INT64_MAX;
    return c->since_ns + CONTROL_START_NS;
}

void unit_control_changed(struct unit *u)
{
    struct control *c = &u->control;
    bool low =
        CONTROL_VOLTS * (1 - value(u, FAULT_CONTROL_LOW, 0) / 100) < CONTROL_VOLTS_MIN;

    if (c->wired != CONTROL_SEPARATE || low == c->lost)
        return;
    if (low) {
        c->charged_ns = u->now_ns;
        take_away(u);
    } else {
        give_back(u);
    }
}

void unit_wire_control(struct unit *u, enum control_wiring wired)
{
    control_start(&u->control, wired, u->now_ns);
}
