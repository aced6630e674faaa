/* The line frequency of a record. Windows of two cycles (Hann's: harmonics, DC and the
 * mirror frequency fall into its zeros) slide by a quarter of a cycle; the phase gained
 * per cycle is a frequency. Their median, weighed by power, is not moved by a fault,
 * which upsets the few windows over its ends, nor by what rings on after the voltage
 * has gone; the mean of those near the median is the answer, found again at that
 * frequency until the zeros lie right. */
#include "waveform/recording_hz.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOPS = 4, /* to the cycle */
    WINDOWS_MAX = 4000,
    ROUNDS = 6,
    CHANNELS = WAVEFORM_CHANNELS
};
static const double hz_min = 40, hz_max = 70, SHARE_MIN = 0.4;

struct phasor {
    double re, im;
};

/* Hz above the finder's, and the power behind it. */
struct gain {
    double hz, weight;
};

struct finder {
    const struct resample_grid *grid;
    int first;                  /* channel of the three */
    double hz;                  /* looked for */
    int64_t half, hop, count;   /* samples, samples, windows */
    struct phasor *weight;      /* 2·half + 1 */
    struct phasor *window;      /* count · 3 */
    struct gain *gain, *sorted; /* per pair of windows */
};

/* Four halvings bring the argument where a short series is exact. */
static double arctangent(double y, double x)
{
    double size = sqrt(x * x + y * y);
    if (!(size > 0))
        return 0;
    double c = x / size, s = y / size, scale = 1;
    for (int i = 0; i < 4; i++) {
        double half = sqrt(0.5 * (1 + c) > 0 ? 0.5 * (1 + c) : 0);
        s = half > 1e-9 ? s / (2 * half) : 1;
        c = half;
        scale *= 2;
    }
    double square = s * s; /* arcsine */
    return scale * s *
           (1 + square * (1.0 / 6 +
                          square * (3.0 / 40 +
                                    square * (15.0 / 336 + square * (105.0 / 3456)))));
}

static int64_t plan(struct finder *f)
{
    double cycle = f->grid->hz / f->hz;
    f->half = (int64_t)floor(cycle);
    f->hop = (int64_t)floor(cycle / HOPS + 0.5);
    int64_t room = f->grid->count - 2 * f->half - 1;
    if (room < 0)
        return f->count = 0;
    if (room / f->hop > WINDOWS_MAX)
        f->hop = room / WINDOWS_MAX;
    return f->count = room / f->hop + 1;
}

static void set_weights(struct finder *f)
{
    double turn = f->hz / f->grid->hz; /* per sample */
    for (int64_t i = -f->half; i <= f->half; i++) {
        double n = (double)i;
        double hann = 0.5 + 0.5 * resample_sin_turns(0.5 * turn * n + 0.25);
        f->weight[i + f->half] =
            (struct phasor){ hann * resample_sin_turns(turn * n + 0.25),
                             -hann * resample_sin_turns(turn * n) };
    }
}

static void fill_windows(struct finder *f)
{
    memset(f->window, 0, (size_t)f->count * 3 * sizeof *f->window);
    for (int64_t w = 0; w < f->count; w++) {
        const double *x = f->grid->frame + w * f->hop * CHANNELS + f->first;
        struct phasor *p = f->window + 3 * w;
        for (int64_t i = 0; i <= 2 * f->half; i++, x += CHANNELS)
            for (int c = 0; c < 3; c++) {
                p[c].re += x[c] * f->weight[i].re;
                p[c].im += x[c] * f->weight[i].im;
            }
    }
}

static double power(const struct finder *f)
{
    double sum = 0;
    for (int64_t i = 0; i < 3 * f->count; i++)
        sum += f->window[i].re * f->window[i].re + f->window[i].im * f->window[i].im;
    return sum / ((double)f->count * (double)f->half * (double)f->half);
}

/* How the phasors turn from window a to b, all channels by their power. */
static struct phasor turn_between(const struct finder *f, int64_t a, int64_t b)
{
    const struct phasor *p = f->window + 3 * a, *q = f->window + 3 * b;
    struct phasor z = { 0, 0 };
    for (int c = 0; c < 3; c++) {
        z.re += q[c].re * p[c].re + q[c].im * p[c].im;
        z.im += q[c].im * p[c].re - q[c].re * p[c].im;
    }
    return z;
}

static int compare(const void *a, const void *b)
{
    double x = ((const struct gain *)a)->hz, y = ((const struct gain *)b)->hz;
    return (x > y) - (x < y);
}

/* Half of the weight lies on either side. */
static double median(struct gain *g, int64_t n)
{
    double total = 0, sum = 0;
    qsort(g, (size_t)n, sizeof *g, compare);
    for (int64_t i = 0; i < n; i++)
        total += g[i].weight;
    for (int64_t i = 0; i < n; i++) {
        sum += g[i].weight;
        if (sum > 0.5 * total)
            return g[i].hz;
    }
    return n > 0 ? g[n - 1].hz : 0;
}

/* Mean of what is as near to the median as half of all are, twice over. */
static double middle(struct finder *f, int64_t n)
{
    memcpy(f->sorted, f->gain, (size_t)n * sizeof *f->sorted);
    double centre = median(f->sorted, n), sum = 0, weight = 0;
    for (int64_t i = 0; i < n; i++)
        f->sorted[i] = (struct gain){ fabs(f->gain[i].hz - centre), f->gain[i].weight };
    double near = 2 * median(f->sorted, n);
    for (int64_t i = 0; i < n; i++)
        if (fabs(f->gain[i].hz - centre) <= near) {
            sum += f->gain[i].weight * f->gain[i].hz;
            weight += f->gain[i].weight;
        }
    return weight > 0 ? sum / weight : 0;
}

/* Hz to add to f->hz. */
static double correction(struct finder *f)
{
    int64_t lag = f->count > HOPS ? HOPS : f->count - 1, n = 0;
    double step = (double)(lag * f->hop) / f->grid->hz, strongest = 0;
    double expected = f->hz * step;
    double c = resample_sin_turns(expected + 0.25), s = resample_sin_turns(expected);
    for (int64_t i = 0; i + lag < f->count; i++)
        strongest = fmax(strongest, turn_between(f, i, i).re);
    for (int64_t i = 0; i + lag < f->count; i++) {
        struct phasor z = turn_between(f, i, i + lag);
        if (turn_between(f, i, i).re < 1e-3 * strongest)
            continue; /* dead */
        double angle = arctangent(z.im * c - z.re * s, z.re * c + z.im * s);
        f->gain[n++] =
            (struct gain){ angle / (2 * PI * step), sqrt(z.re * z.re + z.im * z.im) };
    }
    return n > 0 ? middle(f, n) : 0;
}

/* The nominal frequency, or the header's, of the strongest spectrum. */
static double search_start(struct finder *f, double hint)
{
    const double start[] = { hint, 45, 50, 55, 60, 65 };
    double best = 0, max = 0;
    for (size_t k = 0; k < sizeof start / sizeof *start; k++) {
        f->hz = start[k];
        if (!(f->hz >= hz_min && f->hz <= hz_max) || plan(f) < 2)
            continue;
        set_weights(f);
        fill_windows(f);
        double here = power(f);
        if (here > max) {
            max = here;
            best = f->hz;
        }
    }
    return best;
}

/* Mean square of the three channels without their DC. */
static double alternating(const struct finder *f)
{
    double sum = 0, n = (double)f->grid->count;
    for (int c = f->first; c < f->first + 3; c++) {
        double mean = 0, square = 0;
        for (int64_t i = 0; i < f->grid->count; i++)
            mean += f->grid->frame[i * CHANNELS + c] / n;
        for (int64_t i = 0; i < f->grid->count; i++) {
            double x = f->grid->frame[i * CHANNELS + c] - mean;
            square += x * x / n;
        }
        sum += square;
    }
    return sum;
}

/* Noise has something of every frequency, and little of each: of a line the windows
 * hold nearly all. */
static bool is_noise(const struct finder *f)
{
    return 2 * power(f) < SHARE_MIN * alternating(f);
}

static double refine(struct finder *f, double hint)
{
    f->hz = search_start(f, hint);
    for (int i = 0; i < ROUNDS && f->hz > 0; i++) {
        if (plan(f) < 2)
            return 0;
        set_weights(f);
        fill_windows(f);
        f->hz += correction(f);
        if (!(f->hz >= hz_min && f->hz <= hz_max))
            return 0;
    }
    return is_noise(f) ? 0 : f->hz;
}

static double find(const struct resample_grid *grid, int first, double hint)
{
    struct finder f = { .grid = grid, .first = first, .hz = hz_min };
    plan(&f);
    size_t widest = (size_t)f.half * 2 + 3;
    f.hz = hz_max;
    size_t max = (size_t)plan(&f) + 1;
    max = max > 2 * WINDOWS_MAX + 2 ? max : 2 * WINDOWS_MAX + 2;
    f.weight = malloc(widest * sizeof *f.weight);
    f.window = malloc(max * 3 * sizeof *f.window);
    f.gain = malloc(max * sizeof *f.gain);
    f.sorted = malloc(max * sizeof *f.sorted);
    double hz = f.weight && f.window && f.gain && f.sorted ? refine(&f, hint) : 0;
    free(f.weight);
    free(f.window);
    free(f.gain);
    free(f.sorted);
    return hz;
}

double recording_find_hz(const struct resample_grid *grid, double hint)
{
    double hz = find(grid, WAVEFORM_VA, hint);
    return hz > 0 ? hz : find(grid, WAVEFORM_IA, hint);
}
