/* Cores of CTs side by side, through their samples: each step waits for the one before it,
 * so that three cores take hardly longer than one. Two fit into a vector of every
 * processor, four into one of AVX2; compilers do not find that by themselves. Compiled once
 * for each instruction set, as adc_kernels.c; the arithmetic is that of ct_core.h. */
#include "hal_sim/ct_core.h"

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
typedef int64_t mask __attribute__((vector_size(SIDE * sizeof(double))));

struct cores {
    vector half[VECTORS], limit[VECTORS], dc[VECTORS], gain[VECTORS];
    vector q_r[VECTORS], q_beyond[VECTORS], g_r[VECTORS], g_beyond[VECTORS];
    vector r[VECTORS], rest[VECTORS], last[3][VECTORS];
};

static inline void get(struct cores *l, int k, const struct ct_core *c)
{
    const int p = k / SIDE, n = k % SIDE;

    l->half[p][n] = c->half;
    l->limit[p][n] = c->limit;
    l->dc[p][n] = c->dc;
    l->gain[p][n] = c->gain;
    l->q_r[p][n] = c->q_r;
    l->q_beyond[p][n] = c->q_beyond;
    l->g_r[p][n] = c->g_r;
    l->g_beyond[p][n] = c->g_beyond;
    l->r[p][n] = c->r;
    l->rest[p][n] = c->rest;
    for (int t = 0; t < 3; t++)
        l->last[t][p][n] = c->last[t];
}

static inline void put(const struct cores *l, int k, struct ct_core *c)
{
    c->r = l->r[k / SIDE][k % SIDE];
    for (int t = 0; t < 3; t++)
        c->last[t] = l->last[t][k / SIDE][k % SIDE];
}

/* As beyond(). */
static inline vector vector_beyond(vector r, vector limit)
{
    const mask above = (mask)(r - limit) & (r > limit);
    const mask below = (mask)(r + limit) & (r < -limit);

    return (vector)(above | below);
}

/* The current at the end of step j, × half, from the last four samples, × half. */
static inline vector interpolate(const vector x[4], int j)
{
    return (weight_now[j] * x[0] + weight_last[0][j] * x[1]) +
           (weight_last[1][j] * x[2] + weight_last[2][j] * x[3]);
}

/* Through one sample: r of each step is φ − half·g(φ) of the one before, and half of
 * the current at both ends. x, the conductors' currents, become what comes out. */
static inline void advance(struct cores *l, vector x[VECTORS])
{
    vector now[VECTORS], scaled[VECTORS][4], before[VECTORS], r[VECTORS];

    for (int p = 0; p < VECTORS; p++) {
        now[p] = x[p] + l->dc[p] + l->rest[p];
        scaled[p][0] = l->half[p] * now[p];
        for (int t = 0; t < 3; t++)
            scaled[p][1 + t] = l->half[p] * l->last[t][p];
        before[p] = scaled[p][1];
        r[p] = l->r[p];
    }
    for (int j = 0; j < CT_CORE_STEPS; j++)
        for (int p = 0; p < VECTORS; p++) {
            vector kept =
                l->q_r[p] * r[p] + l->q_beyond[p] * vector_beyond(r[p], l->limit[p]);
            vector drive = interpolate(scaled[p], j);
            r[p] = kept + (before[p] + drive);
            before[p] = drive;
        }
    for (int p = 0; p < VECTORS; p++) {
        vector flux =
            l->g_r[p] * r[p] + l->g_beyond[p] * vector_beyond(r[p], l->limit[p]);
        x[p] = (now[p] - flux) * l->gain[p];
        l->r[p] = r[p];
        l->last[2][p] = l->last[1][p];
        l->last[1][p] = l->last[0][p];
        l->last[0][p] = now[p];
    }
}

void ct_core_kernel(struct ct_core *const core[], int cores, int n, double *const x[])
{
    struct cores l = { .half = { { 0 } } };

    for (int k = 0; k < cores; k++)
        get(&l, k, core[k]);
    for (int t = 0; t < n; t++) {
        vector now[VECTORS] = { { 0 } };
        for (int k = 0; k < cores; k++)
            now[k / SIDE][k % SIDE] = x[k][t];
        advance(&l, now);
        for (int k = 0; k < cores; k++)
            x[k][t] = now[k / SIDE][k % SIDE];
    }
    for (int k = 0; k < cores; k++)
        put(&l, k, core[k]);
}
