/* Cores of CTs through their samples, side by side. What drives a core between two samples
 * depends on its current alone and is made for all cores and steps at once, in lanes. Then
 * each step waits for the one before it: eight links a sample, twice as long where the core
 * saturates. A branch for each core foresees which, so that no core waits for the longer
 * way, nor for the other cores, as lanes would. Compiled once for each instruction set, as
 * adc_kernels.c; the arithmetic is that of ct_core.h. */
#include "hal_sim/ct_core.h"
#include <string.h>

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

/* What is missing to four cores rests. */
#ifdef __AVX2__
enum { SIDE = 4 };
#else
enum { SIDE = 2 };
#endif
enum { VECTORS = CT_CORES / SIDE };

typedef double vector __attribute__((vector_size(SIDE * sizeof(double))));

struct cores {
    vector half[VECTORS], dc[VECTORS], rest[VECTORS], last[3][VECTORS];
};

static inline void get(struct cores *l, int k, const struct ct_core *c)
{
    const int p = k / SIDE, n = k % SIDE;

    l->half[p][n] = c->half;
    l->dc[p][n] = c->dc;
    l->rest[p][n] = c->rest;
    for (int t = 0; t < 3; t++)
        l->last[t][p][n] = c->last[t];
}

static inline void put(const struct cores *l, int k, struct ct_core *c)
{
    for (int t = 0; t < 3; t++)
        c->last[t] = l->last[t][k / SIDE][k % SIDE];
}

/* Sample t of some conductors' currents. */
static inline vector sample(double *const x[SIDE], int t)
{
#ifdef __AVX2__
    return (vector){ x[0][t], x[1][t], x[2][t], x[3][t] };
#else
    return (vector){ x[0][t], x[1][t] };
#endif
}

/* The current at the end of step j, × half, from the last four samples, × half. */
static inline vector interpolate(const vector x[4], int j)
{
    return (weight_now[j] * x[0] + weight_last[0][j] * x[1]) +
           (weight_last[1][j] * x[2] + weight_last[2][j] * x[3]);
}

/* What each step through one sample adds: half of the current at both of its ends. */
static inline void find_drives(struct cores *l, vector now[VECTORS],
                               double drive[CT_CORE_STEPS][CT_CORES])
{
    for (int p = 0; p < VECTORS; p++) {
        vector scaled[4];
        now[p] = now[p] + l->dc[p] + l->rest[p];
        scaled[0] = l->half[p] * now[p];
        for (int t = 0; t < 3; t++)
            scaled[1 + t] = l->half[p] * l->last[t][p];
        vector before = scaled[1];
        for (int j = 0; j < CT_CORE_STEPS; j++) {
            const vector end = interpolate(scaled, j), both = before + end;
            memcpy(&drive[j][p * SIDE], &both, sizeof both);
            before = end;
        }
        l->last[2][p] = l->last[1][p];
        l->last[1][p] = l->last[0][p];
        l->last[0][p] = now[p];
    }
}

/* from_r·r + from_beyond·(r beyond the limit). */
static inline double bend(double r, double limit, double from_r, double from_beyond)
{
    const double straight = from_r * r;

    if (__builtin_fabs(r) > limit)
        return straight + from_beyond * (r - __builtin_copysign(limit, r));
    return straight;
}

/* Through one sample: r of each step is φ − half·g(φ) of the one before, and its drive.
 * What comes out at the sample is returned. */
static inline double advance(struct ct_core *c, int k, double now,
                             const double drive[CT_CORE_STEPS][CT_CORES])
{
    double r = c->r;

    for (int j = 0; j < CT_CORE_STEPS; j++)
        r = bend(r, c->limit, c->q_r, c->q_beyond) + drive[j][k];
    c->r = r;
    return (now - bend(r, c->limit, c->g_r, c->g_beyond)) * c->gain;
}

void ct_core_kernel(struct ct_core *const core[], int cores, int n, double *const x[])
{
    struct cores l = { .half = { { 0 } } };
    double *all[CT_CORES] = { x[0], x[0], x[0], x[0] };

    for (int k = 0; k < cores; k++) {
        get(&l, k, core[k]);
        all[k] = x[k];
    }
    for (int t = 0; t < n; t++) {
        double drive[CT_CORE_STEPS][CT_CORES], current[CT_CORES];
        vector now[VECTORS];
        for (int p = 0; p < VECTORS; p++)
            now[p] = sample(all + p * SIDE, t);
        find_drives(&l, now, drive);
        memcpy(current, now, sizeof current);
        for (int k = 0; k < cores; k++)
            x[k][t] = advance(core[k], k, current[k], (const double(*)[CT_CORES])drive);
    }
    for (int k = 0; k < cores; k++)
        put(&l, k, core[k]);
}
