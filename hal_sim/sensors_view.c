/* The linear part of sensors and front end, as complex gains at one frequency. See
 * sensors.h. A channel's gain is its transformer's (per conductor) times its input's.
 *
 * A CT with a core sees the bare conductor in multiples of rated current; then only the
 * delay and the RC stand before the core instead of behind it: a delay commutes with
 * it, and the RC's corner lies far above what a core changes. */
#include "hal_sim/sensors.h"
#include "waveform/turn.h"

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

double sensors_ct_tangent(const struct sensors *s, int k, double minutes)
{
    return tangent(minutes) * burden_share(s, k);
}

/* What of a channel's gain is real: errors of its amplifier and converter. */
static double input_scale(const struct sensors *s, int ch)
{
    const struct faults *f = s->faults;
    double drift = s->rope ? drift_s4000r : drift_s4100;
    double error =
        ch < 3 ? f->value[FAULT_ADC_GAIN_V][ch] : f->value[FAULT_ADC_GAIN_I][ch - 3];

    return (1 + error / 100) *
           (1 + drift / 100 * (f->value[FAULT_TEMPERATURE][0] - neutral_c));
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
    return s->codes_per_a * s->ct_primary_a * input_scale(s, 3 + k) *
           (1 + s->faults->value[FAULT_CT_RATIO_ERROR][k] / 100) * burden_share(s, k);
}

/* The conductor that a CT or a voltage input sits on. */
static int conductor(const struct sensors *s, enum fault_id swapped, int k)
{
    int other = (int)s->faults->value[swapped][k];
    return other ? other - 1 : k;
}

/* A PT's own errors. */
static struct gain pt_gain(const struct sensors *s, int k, double hz)
{
    const struct faults *f = s->faults;
    double minutes = f->value[FAULT_PT_PHASE_ERROR][k];
    double ratio = 1 + f->value[FAULT_PT_RATIO_ERROR][k] / 100;
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
    static const uint8_t inputs_of[] = { [WAVEFORM_AN] = 1,
                                         [WAVEFORM_AB] = 3,
                                         [WAVEFORM_ABN] = 3,
                                         [WAVEFORM_DELTA] = 7,
                                         [WAVEFORM_WYE] = 7 };
    unsigned inputs = inputs_of[s->wiring];

    for (int k = 0; k < 3; k++)
        if (s->faults->value[FAULT_PT_FUSE][k] != 0)
            inputs &= ~(1u << k);
    return inputs;
}

/* Without a neutral the meter's N terminal floats at the mean of its connected inputs:
 * equal resistors of 2.5 MΩ to one star point. An input without a connection lies at N.
 */
static void see_voltages(const struct sensors *s, double hz,
                         double re[][WAVEFORM_CHANNELS], double im[][WAVEFORM_CHANNELS])
{
    unsigned inputs = connected_inputs(s);
    int count = (int)((inputs & 1) + (inputs >> 1 & 1) + (inputs >> 2 & 1));
    bool star = s->wiring == WAVEFORM_AB || s->wiring == WAVEFORM_DELTA ||
                s->faults->value[FAULT_NEUTRAL_OPEN][0] != 0;

    for (int ch = 0; ch < 3; ch++)
        for (int k = 0; k < 3; k++) {
            if (!(inputs >> ch & 1) || !(inputs >> k & 1))
                continue;
            struct gain gain = multiply(input_filter(s, ch, hz), pt_gain(s, k, hz));
            double share = ((ch == k) - (star ? 1.0 / count : 0)) * input_scale(s, ch);
            int from = conductor(s, FAULT_PT_SWAPPED, k);
            re[ch][from] += share * gain.re * s->codes_per_v;
            im[ch][from] += share * gain.im * s->codes_per_v;
        }
}

/* Share of each conductor's current that this sensor takes in. */
static void conductor_shares(const struct sensors *s, int k, double share[3])
{
    const struct faults *f = s->faults;
    int own = conductor(s, FAULT_CT_SWAPPED, k);
    bool open = f->value[FAULT_CT_OPEN][k] != 0;
    double others = s->rope ? f->value[FAULT_ROPE_COUPLING][k] / 100 : 0;

    if (open)
        others = f->value[FAULT_CT_PICKUP][k] / 100;
    for (int from = 0; from < 3; from++)
        share[from] = from != own ? others : !open;
}

/* What a CT or rope CT makes of what it takes in, in codes per ampere. */
static struct gain ct_gain(const struct sensors *s, int k, double hz)
{
    const struct faults *f = s->faults;
    double minutes = f->value[FAULT_CT_PHASE_ERROR][k];
    double wrong = f->value[FAULT_CT_WRONG_RATIO][k];
    double error = 1 + f->value[FAULT_CT_RATIO_ERROR][k] / 100;
    struct gain gain = { 1, 0 };

    if (s->saturating >> k & 1)
        return (struct gain){ 1 / (s->ct_primary_a * wrong), 0 };
    if (f->value[FAULT_CT_SHORTED][k] != 0 || hz == 0)
        return (struct gain){ 0, 0 };
    if (minutes != 0)
        gain = high_pass(hz, 60 * sensors_ct_tangent(s, k, minutes));
    if (s->rope) {
        gain = multiply(gain, high_pass(hz, f->value[FAULT_ROPE_CORNER][k]));
        error *= 1 + f->value[FAULT_ROPE_POSITION][k] / 100;
    }
    return scale(gain, error * s->codes_per_a / wrong * burden_share(s, k) *
                           input_scale(s, 3 + k));
}

static void see_current(const struct sensors *s, int k, double hz, double re[],
                        double im[])
{
    struct gain gain = multiply(ct_gain(s, k, hz), input_filter(s, 3 + k, hz));
    double share[3];

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
    for (int k = 0; k < 3; k++)
        see_current(s, k, hz, re[3 + k], im[3 + k]);
}
