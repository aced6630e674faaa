/* Change of sampling rate: see resample.h. The kernel and its window are tables, read
 * by cubic interpolation: 128 points per zero crossing keep its error below 160 dB.
 * Weights are normalised to their sum, so that DC is exact. */
#include "waveform/resample.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <stdlib.h>

enum {
    STEPS = 128,         /* table points per zero crossing */
    WINDOW_STEPS = 2048, /* table points of the window alone, centre to edge */
    PAD = 2,             /* points beyond the ends, for the cubic */
    BETWEEN_ZEROS = 32,  /* taps a side between samples */
    BETWEEN_ZEROS_MIN = 4,
    POLYNOMIAL = 8, /* points, near the ends */
    DECIMATE_ZEROS = 8,
    CHANNELS = WAVEFORM_CHANNELS
};
static const double decimate_db = 110;

struct resample_kernel {
    int zeros;
    double *sinc;   /* windowed sinc at i / STEPS zero crossings, from -PAD */
    double *window; /* from -PAD */
};

/* Taylor's series; 21 orders are enough for a quarter of a turn. */
double resample_sin_turns(double turns)
{
    double half = 2 * (turns - floor(turns)); /* half turns, 0…2 */
    double sign = half >= 1 ? -1 : 1;
    half = half >= 1 ? half - 1 : half;
    double x = PI * (half > 0.5 ? 1 - half : half), term = x, sum = x;
    for (int i = 3; i <= 21; i += 2) {
        term *= -x * x / (i * (i - 1));
        sum += term;
    }
    return sign * sum;
}

static double bessel_i0(double x)
{
    double term = 1, sum = 1;
    for (int i = 1; term > 1e-17 * sum; i++) {
        term *= x * x / (4.0 * i * i);
        sum += term;
    }
    return sum;
}

/* Kaiser's window, u from 0 (centre) to 1 (edge); `peak` is that of the centre. */
static double kaiser(double u, double beta, double peak)
{
    double inside = 1 - u * u;
    return inside > 0 ? bessel_i0(beta * sqrt(inside)) / peak : 0;
}

static double sinc(double u)
{
    return fabs(u) < 1e-9 ? 1 : resample_sin_turns(0.5 * u) / (PI * u);
}

struct resample_kernel *resample_kernel_new(int zeros, double db)
{
    int size = zeros * STEPS + 2 * PAD + 1;
    double beta = 0.1102 * (db - 8.7); /* Kaiser's rule above 50 dB */
    double peak = bessel_i0(beta);
    struct resample_kernel *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->zeros = zeros;
    k->sinc = malloc((size_t)size * sizeof *k->sinc);
    k->window = malloc((WINDOW_STEPS + 2 * PAD + 1) * sizeof *k->window);
    if (!k->sinc || !k->window) {
        resample_kernel_free(k);
        return NULL;
    }
    for (int i = 0; i < size; i++) {
        double u = (double)(i - PAD) / STEPS;
        k->sinc[i] = sinc(u) * kaiser(u / zeros, beta, peak);
    }
    for (int i = 0; i < WINDOW_STEPS + 2 * PAD + 1; i++)
        k->window[i] = kaiser((double)(i - PAD) / WINDOW_STEPS, beta, peak);
    return k;
}

void resample_kernel_free(struct resample_kernel *k)
{
    if (!k)
        return;
    free(k->sinc);
    free(k->window);
    free(k);
}

double resample_kernel_reach(const struct resample_kernel *k, double cut)
{
    return k->zeros / cut;
}

/* Lagrange's cubic through the four points around `at` >= 0. */
static double read_table(const double *table, double at)
{
    int i = (int)at;
    const double *y = table + PAD + i;
    double t = at - i, a = t + 1, b = t - 1, c = t - 2;
    return (y[2] * (a * b) * t - y[-1] * (b * c) * t) * (1.0 / 6) +
           (y[0] * (b * c) * a - y[1] * (a * c) * t) * 0.5;
}

/* Frame n of a grid that goes on point-symmetrically beyond its ends. */
static void add_beyond(const struct resample_grid *g, int64_t n, double weight,
                       double sum[CHANNELS])
{
    int64_t edge = n < 0 ? 0 : g->count - 1, mirror = 2 * edge - n;
    if (mirror < 0)
        mirror = 0;
    if (mirror >= g->count)
        mirror = g->count - 1;
    const double *e = g->frame + edge * CHANNELS, *m = g->frame + mirror * CHANNELS;
    for (int c = 0; c < CHANNELS; c++)
        sum[c] += weight * (2 * e[c] - m[c]);
}

void resample_at(const struct resample_kernel *k, const struct resample_grid *grid,
                 double cut, double position, double out[CHANNELS])
{
    double reach = resample_kernel_reach(k, cut), scale = cut * STEPS;
    double limit = (double)k->zeros * STEPS;
    int64_t first = (int64_t)ceil(position - reach);
    int64_t last = (int64_t)floor(position + reach);
    double sum[CHANNELS] = { 0 }, weights = 0;
    for (int64_t n = first; n <= last; n++) {
        double at = fabs(position - (double)n) * scale;
        if (at >= limit)
            continue;
        double weight = read_table(k->sinc, at);
        weights += weight;
        if (n < 0 || n >= grid->count) {
            add_beyond(grid, n, weight, sum);
            continue;
        }
        const double *x = grid->frame + n * CHANNELS;
        for (int c = 0; c < CHANNELS; c++)
            sum[c] += weight * x[c];
    }
    for (int c = 0; c < CHANNELS; c++)
        out[c] = sum[c] / weights;
}

static double polynomial(const struct resample_grid *g, int channel, double position)
{
    int64_t count = g->count < POLYNOMIAL ? g->count : POLYNOMIAL;
    int64_t from = (int64_t)floor(position) - POLYNOMIAL / 2 + 1;
    if (from > g->count - count)
        from = g->count - count;
    if (from < 0)
        from = 0;
    double t = position - (double)from, sum = 0;
    for (int i = 0; i < count; i++) {
        double weight = 1;
        for (int k = 0; k < count; k++)
            if (k != i)
                weight *= (t - k) / (i - k);
        sum += weight * g->frame[(from + i) * CHANNELS + channel];
    }
    return sum;
}

/* At n = base + 1 - taps … base + taps: sin(π(position − n)) is one sine with changing
 * sign. */
static double narrow_sinc(const struct resample_kernel *k,
                          const struct resample_grid *g, int channel, double position,
                          int taps)
{
    int64_t base = (int64_t)floor(position);
    double fraction = position - (double)base, sum = 0, weights = 0;
    double sign = taps % 2 ? 1 : -1;
    for (int64_t n = base + 1 - taps; n <= base + taps; n++, sign = -sign) {
        double distance = position - (double)n;
        double at = fabs(distance) / taps * WINDOW_STEPS;
        double weight = sign * read_table(k->window, at) / distance;
        weights += weight;
        sum += weight * g->frame[n * CHANNELS + channel];
    }
    return fraction > 0 ? sum / weights : g->frame[base * CHANNELS + channel];
}

double resample_between(const struct resample_kernel *k,
                        const struct resample_grid *grid, int channel, double position)
{
    double last = (double)(grid->count - 1);
    position = position < 0 ? 0 : position > last ? last : position;
    int64_t base = (int64_t)floor(position);
    if (position - (double)base < 1e-9)
        return grid->frame[base * CHANNELS + channel];
    if (position - (double)base > 1 - 1e-9)
        return grid->frame[(base + 1) * CHANNELS + channel];
    int64_t left = base + 1, right = grid->count - 1 - base;
    int64_t taps = left < right ? left : right;
    if (taps < BETWEEN_ZEROS_MIN)
        return polynomial(grid, channel, position);
    if (taps > BETWEEN_ZEROS)
        taps = BETWEEN_ZEROS;
    return narrow_sinc(k, grid, channel, position, (int)taps);
}

int resample_decimate(const struct resample_grid *in, int n, struct resample_grid *out)
{
    struct resample_kernel *k = resample_kernel_new(DECIMATE_ZEROS, decimate_db);
    out->hz = in->hz / n;
    out->count = (in->count - 1) / n + 1;
    out->frame = k ? malloc((size_t)out->count * CHANNELS * sizeof *out->frame) : NULL;
    for (int64_t i = 0; out->frame && i < out->count; i++)
        resample_at(k, in, 1.0 / n, (double)(i * n), out->frame + i * CHANNELS);
    resample_kernel_free(k);
    return out->frame ? 0 : -1;
}
