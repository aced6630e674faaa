/* Integer samples from long double sines: the tests' own source, apart from waveform/.
 *
 * A channel is DC plus a few tones; the angle of a tone is that at sample 0. Volts and
 * amperes become codes by what hal.h says of the front end: 2^23 codes are 588.9 V, and
 * 1.7 × the CT's rating. */
#pragma once

#include "core/acquire.h"
#include "tests/support/check.h"

struct tone {
    double order, rms, degrees;
};

struct channel_wave {
    double dc; /* V or A */
    int count;
    struct tone tone[3];
};

struct waves {
    double hz;
    double ct_a; /* rating of the CTs */
    struct channel_wave channel[HAL_CHANNELS];
};

static inline long double waves_codes_per_unit(const struct waves *w, int ch)
{
    return ch < 3 ? 8388608 / 588.9L : 8388608 / (1.7L * w->ct_a);
}

static inline int32_t waves_clip(long double code)
{
    long double rounded = rintl(code);
    if (rounded > 8388607)
        return 8388607;
    return rounded < -8388607 ? -8388607 : (int32_t)rounded;
}

/* One channel at sample n (0 is the first), in V or A. */
static inline long double waves_at(const struct waves *w, int ch, int64_t n)
{
    const struct channel_wave *c = &w->channel[ch];
    long double x = c->dc;

    for (int k = 0; k < c->count; k++) {
        const struct tone *t = &c->tone[k];
        long double turns = (long double)t->order * w->hz * n / HAL_SAMPLE_RATE;
        turns += t->degrees / 360;
        x += sqrtl(2) * t->rms * sinl(2 * PI * (turns - floorl(turns)));
    }
    return x;
}

/* Samples n…n+count-1 of all channels. */
static inline void waves_fill(const struct waves *w, int64_t n, int count,
                              int32_t x[][BLOCK])
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        long double scale = waves_codes_per_unit(w, ch);
        for (int k = 0; k < count; k++)
            x[ch][k] = waves_clip(scale * waves_at(w, ch, n + k));
    }
}

/* Sine voltage on phase k, and a sine current that lags it by lag_degrees. */
static inline void waves_set_phase(struct waves *w, int k, double volts, double degrees,
                                   double amps, double lag_degrees)
{
    w->channel[k] = (struct channel_wave){ 0, 1, { { 1, volts, degrees } } };
    w->channel[3 + k] =
        (struct channel_wave){ 0, 1, { { 1, amps, degrees - lag_degrees } } };
}

/* Three equal phases, `start` degrees into the cycle. */
static inline void waves_set_balanced(struct waves *w, double hz, double volts,
                                      double amps, double lag_degrees, double start)
{
    *w = (struct waves){ .hz = hz, .ct_a = 100 };
    for (int k = 0; k < 3; k++)
        waves_set_phase(w, k, volts, start - 120 * k, amps, lag_degrees);
}
