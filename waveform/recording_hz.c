/* The line frequency of a record. Windows of two cycles (Hann's: harmonics, DC and the
 * mirror frequency fall into its zeros) slide by a quarter of a cycle; the phase gained
 * per cycle is a frequency. Their median is not moved by a fault, which upsets the few
 * windows over its ends; the mean of those near the median is the answer, found again
 * at that frequency until the zeros lie right. */
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
static const double hz_min = 40, hz_max = 70;

struct phasor {
    double re, im;
};

struct finder {
    const struct resample_grid *grid;
    int first;                /* channel of the three */
    double hz;                /* looked for */
    int64_t half, hop, count; /* samples, samples, windows */
    struct phasor *weight;    /* 2·half + 1 */
    struct phasor *window;    /* count · 3 */
    double *gain, *sorted;    /* Hz above hz, per pair of windows */
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
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(struct finder *f, int64_t n)
{
    memcpy(f->sorted, f->gain, (size_t)n * sizeof *f->sorted);
    qsort(f->sorted, (size_t)n, sizeof *f->sorted, compare);
    return 0.5 * (f->sorted[(n - 1) / 2] + f->sorted[n / 2]);
}

/* Mean of what is as near to the median as half of all are, twice over. */
static double middle(struct finder *f, int64_t n)
{
    double centre = median(f, n), sum = 0;
    for (int64_t i = 0; i < n; i++)
        f->sorted[i] = fabs(f->gain[i] - centre);
    qsort(f->sorted, (size_t)n, sizeof *f->sorted, compare);
    double near = 2 * f->sorted[n / 2];
    int64_t taken = 0;
    for (int64_t i = 0; i < n; i++)
        if (fabs(f->gain[i] - centre) <= near) {
            sum += f->gain[i];
            taken++;
        }
    return sum / (double)taken;
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
        f->gain[n++] = angle / (2 * PI * step);
    }
    return n > 0 ? middle(f, n) : 0;
}

/* The nominal frequency of the strongest spectrum. */
static double search_start(struct finder *f)
{
    double best = 0, max = 0;
    for (f->hz = 45; f->hz <= 65; f->hz += 5) {
        if (plan(f) < 2)
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

static double refine(struct finder *f)
{
    f->hz = search_start(f);
    for (int i = 0; i < ROUNDS && f->hz > 0; i++) {
        if (plan(f) < 2)
            return 0;
        set_weights(f);
        fill_windows(f);
        f->hz += correction(f);
        if (!(f->hz >= hz_min && f->hz <= hz_max))
            return 0;
    }
    return f->hz;
}

static double find(const struct resample_grid *grid, int first)
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
    double hz = f.weight && f.window && f.gain && f.sorted ? refine(&f) : 0;
    free(f.weight);
    free(f.window);
    free(f.gain);
    free(f.sorted);
    return hz;
}

double recording_find_hz(const struct resample_grid *grid)
{
    double hz = find(grid, WAVEFORM_VA);
    return hz > 0 ? hz : find(grid, WAVEFORM_IA);
}
