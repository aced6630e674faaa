/* See kernels.h. No branch, call or sum in these loops that a compiler could not make
 * lanes of. */
#include "waveform/kernels.h"
#include "waveform/base/constants.h"
#include "waveform/base/turn_polynomials.h"
#include "waveform/event.h"
#include <math.h>
#include <string.h>

/* A signed number in two's complement, rounded once. AVX2 alone has no such conversion:
 * the halves become doubles by their bits, and are exact until they are added. */
static inline double to_double(uint64_t x)
{
#if defined(__AVX2__) && !defined(__AVX512DQ__)
    const uint64_t low_bits = (x & 0xFFFFFFFF) | UINT64_C(0x4330000000000000);
    const uint64_t high_bits = x >> 32 ^ UINT64_C(0x4530000080000000);
    double low, high; /* 2^52 + the lower half; 2^84 + 2^63 + the upper one */

    memcpy(&low, &low_bits, sizeof low);
    memcpy(&high, &high_bits, sizeof high);
    return (high - (0x1p84 + 0x1p63 + 0x1p52)) + low;
#else
    return (double)(int64_t)x;
#endif
}

void kernel_wave(const double *restrict even, const double *restrict odd, double sine,
                 double cosine, double *restrict sines, double *restrict cosines)
{
    for (int k = 0; k < SPECTRUM_PAIRS; k++) {
        const double se = sine * even[k], co = cosine * odd[k];
        const double ce = cosine * even[k], so = sine * odd[k];
        sines[SPECTRUM_PAIRS + k] = se + co;
        sines[SPECTRUM_PAIRS - 1 - k] = se - co;
        cosines[SPECTRUM_PAIRS + k] = ce - so;
        cosines[SPECTRUM_PAIRS - 1 - k] = ce + so;
    }
}

void kernel_add_wave(const double *restrict g, const double *restrict sine,
                     const double *restrict cosine, double re, double im, int n,
                     double *restrict x)
{
    for (int k = 0; k < n; k++)
        x[k] += g[k] * (re * sine[k] + im * cosine[k]);
}

void kernel_scale(const double *restrict x, double by, int n, double *restrict y)
{
    for (int k = 0; k < n; k++)
        y[k] = x[k] * by;
}

/* The beginning of the day in which t falls, in seconds of the drive's clock. */
static inline double day_of(const struct load_drive *d, double t)
{
    const double x = d->clock_s + (t - d->start_s);

    return d->day_s > 0 ? floor((x + EVENT_TICK) / d->day_s) * d->day_s : 0;
}

/* From sunrise to sunset, in 2^-63. */
static inline double share_of(const struct load_drive *d, double of_day)
{
    return floor((of_day - d->rise_s) / (d->set_s - d->rise_s) * TWO_TO_63);
}

enum { MORNING, NOON, EVENING };

static inline int side_of(double share)
{
    return (share >= TWO_TO_63 / 4) + (share >= TWO_TO_63 / 4 * 3);
}

static inline double nearest_to(int side)
{
    return side == EVENING ? TWO_TO_63 : side == NOON ? TWO_TO_63 / 2 : 0;
}

/* The sine of so many 2^64ths of a turn, as turn_sin has it: 2^63, 2^62 and what is left
 * after them are exact in a double, because the share is. */
static inline double sine_of(double share, int side)
{
    const double y = (share - nearest_to(side)) * (2 * PI / TWO_TO_64), zz = y * y;

    return side == EVENING ? -turn_polynomial_sin(y, zz)
           : side == NOON  ? turn_polynomial_cos(zz)
                           : turn_polynomial_sin(y, zz);
}

static inline double time_of(const struct load_drive *d, double t, double day)
{
    return d->clock_s + (t - d->start_s) - day;
}

static inline int shines(const struct load_drive *d, double t, double of_day)
{
    return (t + EVENT_TICK >= d->start_s) & (of_day > d->rise_s) & (of_day < d->set_s);
}

/* What `sun` gives where it shines, of moments of one day and on one side of it. */
static inline void shine(const struct load_drive *d, const double *restrict t, int n,
                         double day, int side, double *restrict value)
{
    const double nearest = nearest_to(side), sign = side == EVENING ? -1 : 1;
    double y[WAVEFORM_BLOCK];

    for (int k = 0; k < n; k++)
        y[k] = (share_of(d, time_of(d, t[k], day)) - nearest) * (2 * PI / TWO_TO_64);
    if (side == NOON)
        for (int k = 0; k < n; k++)
            value[k] = turn_polynomial_cos(y[k] * y[k]);
    else
        for (int k = 0; k < n; k++)
            value[k] = sign * turn_polynomial_sin(y[k], y[k] * y[k]);
}

static inline double sun(const struct load_drive *d, double t)
{
    const double of_day = time_of(d, t, day_of(d, t)), share = share_of(d, of_day);
    const double sine = sine_of(share, side_of(share));

    return shines(d, t, of_day) ? sine : 0;
}

/* Where the sun shines at the first and the last moment, of one day and on one side of it,
 * it does so between them: one division less, and one polynomial instead of two. */
void kernel_sun(const struct load_drive *d, const double *restrict t, int n,
                double *restrict value)
{
    const struct load_drive own = *d; /* which nothing that is written can change */
    const double day = day_of(&own, t[0]);
    const double first = time_of(&own, t[0], day), last = time_of(&own, t[n - 1], day);
    const int side = side_of(share_of(&own, first));

    if (day_of(&own, t[n - 1]) != day || !shines(&own, t[0], first) ||
        !shines(&own, t[n - 1], last) || side_of(share_of(&own, last)) != side)
        for (int k = 0; k < n; k++)
            value[k] = sun(&own, t[k]);
    else
        shine(&own, t, n, day, side, value);
}

void kernel_times(double begin_s, int64_t sample, double rate, int n,
                  double *restrict t)
{
    for (int k = 0; k < n; k++)
        t[k] = begin_s + to_double((uint64_t)(sample + k)) / rate;
}

void kernel_ramp(const struct load_drive *d, const double *restrict t, int n,
                 double *restrict value)
{
    const double start_s = d->start_s, ramp_s = d->ramp_s;

    for (int k = 0; k < n; k++)
        value[k] = t[k] > start_s ? (t[k] - start_s) / ramp_s : 0;
}

/* A vector of the elements, the fourth of which is 0. */
typedef double elements __attribute__((vector_size(KERNEL_ELEMENTS * sizeof(double))));

static inline void take(const double *const x[WAVEFORM_PHASES], int k, elements *to)
{
    *to = (elements){ x[0][k], x[1][k], x[2][k], 0 };
}

enum { V2, I2, V_SINE, I_SINE, V_COSINE, I_COSINE, VI, VLL2 }; /* of the sums */

/* √2 turns a correlation with sin or cos into an rms value. Each sum waits for the one of
 * the sample before, so that it is the lanes that are many: all elements, and eight sums
 * side by side. */
void kernel_truth(const struct kernel_elements *e, int n,
                  double sum[KERNEL_SUMS][KERNEL_ELEMENTS])
{
    double sine[WAVEFORM_BLOCK], cosine[WAVEFORM_BLOCK]; /* weighted */
    elements all[KERNEL_SUMS];

    memcpy(all, sum, sizeof all);
    for (int k = 0; k < n; k++) {
        sine[k] = SQRT2 * e->weight[k] * e->sine[k];
        cosine[k] = SQRT2 * e->weight[k] * e->cosine[k];
    }
    for (int k = 0; k < n; k++) {
        elements v, i, vll;
        take(e->v, k, &v);
        take(e->i, k, &i);
        take(e->vll, k, &vll);
        const elements weighted_v = e->weight[k] * v;
        all[V2] += weighted_v * v;
        all[I2] += e->weight[k] * i * i;
        all[V_SINE] += sine[k] * v;
        all[I_SINE] += sine[k] * i;
        all[V_COSINE] += cosine[k] * v;
        all[I_COSINE] += cosine[k] * i;
        all[VI] += weighted_v * i;
        all[VLL2] += e->weight[k] * (vll * vll);
    }
    memcpy(sum, all, sizeof all);
}

/* Of most wirings a channel sees one conductor: what is 0 adds nothing. */
void kernel_view(const double gain[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS], int n,
                 double x[][WAVEFORM_BLOCK])
{
    double y[WAVEFORM_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };

    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (int from = 0; from < WAVEFORM_CHANNELS; from++)
            if (gain[ch][from] != 0)
                for (int k = 0; k < n; k++)
                    y[ch][k] += gain[ch][from] * x[from][k];
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        memcpy(x[ch], y[ch], (size_t)n * sizeof **y);
}
