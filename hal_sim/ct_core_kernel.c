/* Cores of CTs through their samples, side by side. What drives a core between two samples
 * depends on its current alone and is made for all samples and steps at once, in lanes. Then
 * each step waits for the one before it: eight links a sample, twice as long where the core
 * saturates. A branch for each core foresees which, so that no core waits for the longer
 * way, nor for the other cores, as lanes would. Compiled once for each instruction set, as
 * adc_kernels.c; the arithmetic is that of ct_core.h. */
#include "hal_sim/ct_core.h"
#include "waveform/waveform.h"

/* Lagrange's weights of the points at 1 (now), 0, −1 and −2 samples, at s. */
#define EACH(W)                                                                        \
    {                                                                                  \
        W(.125), W(.25), W(.375), W(.5), W(.625), W(.75), W(.875), W(1.)               \
    }
#define AT_1(s)  ((s) * ((s) + 1) * ((s) + 2) / 6)
#define AT_0(s)  ((1 - (s)) * ((s) + 1) * ((s) + 2) / 2)
#define AT_M1(s) (((s)-1) * (s) * ((s) + 2) / 2)
#define AT_M2(s) ((1 - (s)) * (s) * ((s) + 1) / 6)

static const double weight_now[CT_CORE_STEPS] = EACH(AT_1);
static const double weight_last[3][CT_CORE_STEPS] = { EACH(AT_0), EACH(AT_M1),
                                                      EACH(AT_M2) };

enum { BEFORE = 3 }; /* samples of earlier calls that the curve goes through */

/* What each step through each sample adds: half of the current at both of its ends. */
struct drives {
    double step[CT_CORE_STEPS][WAVEFORM_BLOCK];
};

/* The current of samples -3…n - 1, as the core sees it. */
static void find_current(const struct ct_core *c, const double *x, int n,
                         double current[BEFORE + WAVEFORM_BLOCK])
{
    for (int t = 0; t < BEFORE; t++)
        current[t] = c->last[BEFORE - 1 - t];
    for (int t = 0; t < n; t++)
        current[BEFORE + t] = x[t] + c->dc + c->rest;
}

static void find_drives(const struct ct_core *c, int n,
                        const double current[BEFORE + WAVEFORM_BLOCK], struct drives *d)
{
    double half[BEFORE + WAVEFORM_BLOCK]; /* of it */

    for (int t = 0; t < BEFORE + n; t++)
        half[t] = c->half * current[t];
    for (int t = 0; t < n; t++) {
        double before = half[t + 2];
        for (int j = 0; j < CT_CORE_STEPS; j++) {
            const double end =
                (weight_now[j] * half[t + 3] + weight_last[0][j] * half[t + 2]) +
                (weight_last[1][j] * half[t + 1] + weight_last[2][j] * half[t]);
            d->step[j][t] = before + end;
            before = end;
        }
    }
}

/* from_r·r + from_beyond·(r beyond the limit). */
static inline double bend(double r, double limit, double from_r, double from_beyond)
{
    const double straight = from_r * r;

    if (r > limit)
        return straight + from_beyond * (r - limit);
    if (r < -limit)
        return straight + from_beyond * (r + limit);
    return straight;
}

/* A core's way through the samples. */
struct way {
    double limit, q_r, q_beyond, r;
    double current[BEFORE + WAVEFORM_BLOCK];
    struct drives drives;
};

/* Through one sample: r of each step is φ − half·g(φ) of the one before, and its drive.
 * Step by step, not core by core: while one waits for its sum the others go on, however
 * few instructions a processor looks ahead. */
static inline __attribute__((always_inline)) void advance(struct way way[], int cores,
                                                          int t)
{
    for (int j = 0; j < CT_CORE_STEPS; j++)
        for (int k = 0; k < cores; k++)
            way[k].r = bend(way[k].r, way[k].limit, way[k].q_r, way[k].q_beyond) +
                       way[k].drives.step[j][t];
}

/* `cores` is a constant wherever this is called, so that r stays in registers. */
static inline __attribute__((always_inline)) void
run(struct ct_core *const core[], int cores, int n, double *const x[])
{
    struct way way[CT_CORES];

    for (int k = 0; k < cores; k++) {
        const struct ct_core *c = core[k];
        way[k].limit = c->limit;
        way[k].q_r = c->q_r;
        way[k].q_beyond = c->q_beyond;
        way[k].r = c->r;
        find_current(c, x[k], n, way[k].current);
        find_drives(c, n, way[k].current, &way[k].drives);
    }
    for (int t = 0; t < n; t++) {
        advance(way, cores, t);
        for (int k = 0; k < cores; k++) {
            const struct ct_core *c = core[k];
            const double g = bend(way[k].r, way[k].limit, c->g_r, c->g_beyond);
            x[k][t] = (way[k].current[BEFORE + t] - g) * c->gain;
        }
    }
    for (int k = 0; k < cores; k++) {
        for (int t = 0; t < BEFORE; t++)
            core[k]->last[t] = way[k].current[n + BEFORE - 1 - t];
        core[k]->r = way[k].r;
    }
}

void ct_core_kernel(struct ct_core *const core[], int cores, int n, double *const x[])
{
    switch (cores) {
    case 1:
        run(core, 1, n, x);
        break;
    case 2:
        run(core, 2, n, x);
        break;
    case 3:
        run(core, 3, n, x);
        break;
    default:
        run(core, CT_CORES, n, x);
    }
}
