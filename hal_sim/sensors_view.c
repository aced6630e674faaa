/* The linear part of sensors and front end, as complex gains at one frequency. See
 * sensors.h. A channel's gain is its transformer's (per conductor) times its input's.
 *
 * A CT with a core sees the bare conductor in multiples of rated current; then only the
 * delay and the RC stand before the core instead of behind it: a delay commutes with
 * it, and the RC's corner lies far above what a core changes. */
#include "hal_sim/sensors_view.h"
#include "hal_sim/sensors.h"
#include "waveform/base/turn.h"

static const double drift_s4100 = 0.005, drift_s4000r = 0.015; /* % a °C, manual */
static const double neutral_c = 25;

/* Of the meter's current inputs (manual, "Impedance"). */
static const double input_ohm_1v = 32100, input_ohm_third = 10600;

struct gain {
    double re, im;
};

static struct gain multiply(struct gain a, struct gain b)
{
    return (struct gain){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

static struct gain scale(struct gain a, double by)
{
    return (struct gain){ a.re * by, a.im * by };
}

/* 1 ÷ (1 + j·f/corner). */
static struct gain low_pass(double hz, double corner)
{
    double x = hz / corner, size = 1 + x * x;
    return (struct gain){ 1 / size, -x / size };
}

/* j·f ÷ (j·f + corner): leads; a negative corner lags. */
static struct gain high_pass(double hz, double corner)
{
    double x, size;

    if (hz == 0)
        return (struct gain){ corner == 0, 0 };
    x = corner / hz;
    size = 1 + x * x;
    return (struct gain){ 1 / size, x / size };
}

static struct gain delay(double hz, double us)
{
    struct gain g;
    turn_sin_cos(turn_from_ratio(-hz * us, 1000000).frac, &g.im, &g.re);
    return g;
}

static double tangent(double minutes)
{
    double sine, cosine;
    turn_sin_cos(turn_from_ratio(minutes, 360 * 60).frac, &sine, &cosine);
    return sine / cosine;
}

/* Share of the CT's open voltage that its burden leaves at the meter's input. */
static double burden_share(const struct sensors *s, int k)
{
    double input = s->range == HAL_CT_THIRD_V ? input_ohm_third : input_ohm_1v;
    return input / (input + s->faults->value[FAULT_CT_BURDEN][k]);
}

/* Of a core for which ct_phase_error gives none: Rt ÷ ωLm must be above 0. */
double sensors_ct_minutes(const struct sensors *s, int k)
{
    double minutes = s->faults->value[FAULT_CT_PHASE_ERROR][k];
    return minutes > 0 ? minutes : 15;
}

/* How much larger Rt ÷ ωLm is by shorted turns and by a gap. */
static double core_is_worse(const struct sensors *s, int k)
{
    double shorted = s->faults->value[FAULT_CT_SHORTED_TURNS][k] / 100;
    double gap = 1 + 0.025 * s->faults->value[FAULT_CT_GAP][k];

    return gap * (2 - shorted) / (2 * (1 - shorted) * (1 - shorted));
}

double sensors_ct_tangent(const struct sensors *s, int k, double minutes)
{
    return tangent(minutes) * burden_share(s, k) * core_is_worse(s, k);
}

/* The size of a CT's secondary current, but for its rating. */
static double ct_size(const struct sensors *s, int k)
{
    return (1 + s->faults->value[FAULT_CT_RATIO_ERROR][k] / 100) *
           (1 - s->faults->value[FAULT_CT_SHORTED_TURNS][k] / 100);
}

/* What of a channel's gain is real: errors of its amplifier and converter. */
static double input_scale(const struct sensors *s, int ch)
{
    const struct faults *f = s->faults;
    double drift = s->rope ? drift_s4000r : drift_s4100;
    double error =
        ch < 3 ? f->value[FAULT_ADC_GAIN_V][ch] : f->value[FAULT_ADC_GAIN_I][ch - 3];
    double dead = ch < 3 ? 0 : f->value[FAULT_ADC_DEAD_I][ch - 3];
    double warmer = f->value[FAULT_TEMPERATURE][0] - neutral_c;

    if (dead != 0)
        return 0;
    return (1 + error / 100) * (1 + drift / 100 * warmer) /
           (1 + f->value[FAULT_ADC_REFERENCE][0] * 1e-6 * warmer);
}

double sensors_codes_per_input_volt(const struct sensors *s, int ch)
{
    return s->codes_per_v * s->pt_ratio * input_scale(s, ch);
}

static struct gain input_filter(const struct sensors *s, int ch, double hz)
{
    const struct faults *f = s->faults;
    struct gain filter = low_pass(hz, f->value[FAULT_ANTIALIAS][0]);
    double us = ch < 3 ? f->value[FAULT_SKEW_V][ch] : f->value[FAULT_SKEW_I][ch - 3];

    return us != 0 ? multiply(filter, delay(hz, us)) : filter;
}

double sensors_codes_at_rated(const struct sensors *s, int k)
{
    return s->codes_per_a * s->ct_primary_a * input_scale(s, 3 + k) * ct_size(s, k) *
           burden_share(s, k);
}

/* The conductor that a CT or a voltage input is meant for. */
static int own_conductor(const struct sensors *s, int k)
{
    return (wiring_first(s->wiring) + k) % WAVEFORM_PHASES;
}

/* The one that it sits on. */
static int conductor(const struct sensors *s, enum fault_id swapped, int k)
{
    int other = (int)s->faults->value[swapped][k];
    return other ? other - 1 : own_conductor(s, k);
}

/* A PT's own errors. */
static struct gain pt_gain(const struct sensors *s, int k, double hz)
{
    const struct faults *f = s->faults;
    double minutes = f->value[FAULT_PT_PHASE_ERROR][k];
    double ratio = (1 + f->value[FAULT_PT_RATIO_ERROR][k] / 100) /
                   f->value[FAULT_PT_WRONG_RATIO][k];
    struct gain gain = { f->value[FAULT_PT_REVERSED][k] != 0 ? -ratio : ratio, 0 };

    if (minutes > 0)
        return multiply(gain, high_pass(hz, 60 * tangent(minutes)));
    if (minutes < 0)
        return multiply(gain, low_pass(hz, 60 / tangent(-minutes)));
    return gain;
}

/* Voltage inputs that are there, a bit each: the wiring's, without blown fuses. */
static unsigned connected_inputs(const struct sensors *s)
{
    unsigned inputs = wiring_inputs(s->wiring);

    for (int k = 0; k < 3; k++)
        if (s->faults->value[FAULT_PT_FUSE][k] != 0)
            inputs &= ~(1u << k);
    return inputs;
}

/* What an input's 2.5 MΩ keep of its voltage behind a bad terminal. */
static double kept_share(const struct sensors *s, int k)
{
    return 2500 / (2500 + s->faults->value[FAULT_INPUT_RESISTANCE][k]);
}

static bool has_star_point(const struct sensors *s)
{
    return !wiring_table[s->wiring].neutral ||
           s->faults->value[FAULT_NEUTRAL_OPEN][0] != 0;
}

/* Share of input k's voltage in what input ch sees against N, which is a conductor where
 * the two are exchanged. */
static double against_neutral(const struct sensors *s, int ch, int k)
{
    int exchanged = (int)s->faults->value[FAULT_NEUTRAL_SWAPPED][0] - 1;
    double share = ch == k && ch != exchanged;

    return share - (k == exchanged);
}

/* Without a neutral the meter's N terminal floats at the mean of its connected inputs,
 * weighted by their conductances (2.5 MΩ each to one star point). An input without a
 * connection lies at N. */
static double input_share(const struct sensors *s, unsigned inputs, int ch, int k)
{
    double sum = 0;

    if (!(inputs >> ch & 1) || !(inputs >> k & 1))
        return 0;
    if (!has_star_point(s))
        return against_neutral(s, ch, k) * kept_share(s, ch);
    for (int n = 0; n < 3; n++)
        sum += inputs >> n & 1 ? kept_share(s, n) : 0;
    return ((ch == k) - kept_share(s, k) / sum) * kept_share(s, ch);
}

/* N is at earth: whatever touches earth is missing in every voltage. */
static void see_earth(const struct sensors *s, int ch, double hz, struct gain filter,
                      double re[], double im[])
{
    struct gain gain = multiply(filter, pt_gain(s, ch, hz));

    gain = scale(gain, kept_share(s, ch) * input_scale(s, ch) * s->codes_per_v);
    for (int k = 0; k < 3; k++) {
        re[k] -= s->faults->value[FAULT_EARTH_FAULT][k] * gain.re;
        im[k] -= s->faults->value[FAULT_EARTH_FAULT][k] * gain.im;
    }
}

/* The drop on the way to where N is taken. */
static void see_neutral_drop(const struct sensors *s, int ch, struct gain filter,
                             double re[], double im[])
{
    double volts = s->faults->value[FAULT_NEUTRAL_DROP][0] / 1000 * input_scale(s, ch) *
                   s->codes_per_v;

    for (int k = 0; k < 3 && volts != 0; k++) {
        re[3 + k] -= volts * filter.re;
        im[3 + k] -= volts * filter.im;
    }
}

static void see_voltages(const struct sensors *s, double hz,
                         double re[][WAVEFORM_CHANNELS], double im[][WAVEFORM_CHANNELS])
{
    unsigned inputs = connected_inputs(s);

    for (int ch = 0; ch < 3; ch++) {
        struct gain filter = input_filter(s, ch, hz);
        double leak = s->faults->value[FAULT_INPUT_CROSSTALK][ch] / 100;
        int next = (ch + 1) % 3;
        for (int k = 0; k < 3; k++) {
            double share = input_share(s, inputs, ch, k);
            if (leak != 0 && inputs >> next & 1)
                share += leak * (input_share(s, inputs, next, k) - share);
            if (share == 0)
                continue;
            struct gain gain = multiply(filter, pt_gain(s, k, hz));
            int from = conductor(s, FAULT_PT_SWAPPED, k);
            re[ch][from] += share * input_scale(s, ch) * gain.re * s->codes_per_v;
            im[ch][from] += share * input_scale(s, ch) * gain.im * s->codes_per_v;
        }
        if (inputs >> ch & 1 && !has_star_point(s)) {
            see_earth(s, ch, hz, filter, re[ch], im[ch]);
            see_neutral_drop(s, ch, filter, re[ch], im[ch]);
        }
    }
}

/* Share of each conductor's current that this sensor takes in. */
static void conductor_shares(const struct sensors *s, int k, double share[3])
{
    const struct faults *f = s->faults;
    int own = conductor(s, FAULT_CT_SWAPPED, k);
    bool open = f->value[FAULT_CT_OPEN][k] != 0;
    double gap = s->rope ? f->value[FAULT_ROPE_GAP][k] / 100 : 0;
    double others = s->rope ? f->value[FAULT_ROPE_COUPLING][k] / 100 + gap / 2 : 0;
    double common = s->rope || open ? 0 : f->value[FAULT_CT_COMMON_LEAD][k] / 100;
    int second = (int)f->value[FAULT_CT_SECOND][k] - 1;

    if (open)
        others = f->value[FAULT_CT_PICKUP][k] / 100;
    for (int from = 0; from < 3; from++) {
        share[from] = from != own ? others : open ? 0 : 1 - gap;
        if (from == second && second != own && !open)
            share[from] += 1;
        share[from] += common;
    }
}

/* What a CT or rope CT makes of what it takes in, in codes per ampere. */
static struct gain ct_gain(const struct sensors *s, int k, double hz)
{
    const struct faults *f = s->faults;
    double minutes = f->value[FAULT_CT_PHASE_ERROR][k];
    double wrong = f->value[FAULT_CT_WRONG_RATIO][k] / f->value[FAULT_CT_LOOPS][k];
    double error = ct_size(s, k);
    struct gain gain = { 1, 0 };

    if (s->saturating >> k & 1)
        return (struct gain){ 1 / (s->ct_primary_a * wrong), 0 };
    if (f->value[FAULT_CT_SHORTED][k] != 0 || hz == 0)
        return (struct gain){ 0, 0 };
    if (core_is_worse(s, k) > 1 && minutes <= 0 && !s->rope)
        minutes = sensors_ct_minutes(s, k);
    if (minutes != 0)
        gain = high_pass(hz, 60 * sensors_ct_tangent(s, k, minutes));
    if (s->rope) {
        gain = multiply(gain, high_pass(hz, f->value[FAULT_ROPE_CORNER][k]));
        error *= 1 + f->value[FAULT_ROPE_POSITION][k] / 100;
        error *= f->value[FAULT_ROPE_WRAPS][k];
        error *= 1 + f->value[FAULT_ROPE_DRIFT][k] * 1e-6 *
                         (f->value[FAULT_TEMPERATURE][0] - neutral_c);
    }
    return scale(gain, error * s->codes_per_a / wrong * burden_share(s, k) *
                           input_scale(s, 3 + k));
}

static void see_current(const struct sensors *s, int k, double hz, double re[],
                        double im[])
{
    struct gain gain = multiply(ct_gain(s, k, hz), input_filter(s, 3 + k, hz));
    double share[3];

    if (s->destroyed >> k & 1)
        return;
    if (s->faults->value[FAULT_CT_REVERSED][k] != 0)
        gain = scale(gain, -1);
    conductor_shares(s, k, share);
    for (int from = 0; from < 3; from++) {
        re[3 + from] += share[from] * gain.re;
        im[3 + from] += share[from] * gain.im;
    }
}

void sensors_view(void *user, double hz, double re[][WAVEFORM_CHANNELS],
                  double im[][WAVEFORM_CHANNELS])
{
    const struct sensors *s = user;

    see_voltages(s, hz, re, im);
    for (int k = 0; k < 3; k++) {
        double leak = s->faults->value[FAULT_ADC_DEAD_V][k] != 0
                          ? 0
                          : s->faults->value[FAULT_ADC_CROSSTALK][k] / 100;
        see_current(s, k, hz, re[3 + k], im[3 + k]);
        for (int from = 0; from < 6 && leak != 0 && !(s->saturating >> k & 1); from++) {
            re[3 + k][from] += leak * re[k][from];
            im[3 + k][from] += leak * im[k][from];
        }
    }
}
