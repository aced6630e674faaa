/* The iron core of a CT. See ct_core.h. All arithmetic is + − × ÷ √ and comparison in
 * double, in an order that does not depend on how the samples are cut into calls. */
#include "hal_sim/ct_core.h"
#include <math.h>

#define PI    3.14159265358979323846
#define SQRT2 1.41421356237309504880

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

/* How far r lies beyond the knee. */
static inline double beyond(double r, double limit)
{
    double above = r > limit ? r - limit : 0;
    return r < -limit ? r + limit : above;
}

static double flux_of(const struct ct_core *c)
{
    return c->r - c->half * (c->g_r * c->r + c->g_beyond * beyond(c->r, c->limit));
}

static void set_flux(struct ct_core *c, double flux)
{
    double magnetising = flux + (CT_CORE_STEEPER - 1) * beyond(flux, c->knee);
    c->r = flux + c->half * magnetising;
}

/* With a = half, steepness m: below the knee r = (1 + a)·φ; beyond it, φ grows by
 * 1 ÷ (1 + m·a) and g by m ÷ (1 + m·a) with r. */
void ct_core_prepare(struct ct_core *c, double rated_knee, double lead_tangent,
                     double dc, double gain)
{
    const double a = lead_tangent * (PI * 60 / (HAL_SAMPLE_RATE * CT_CORE_STEPS));
    const double steep = CT_CORE_STEEPER * a;
    const double knee =
        rated_knee * SQRT2 * lead_tangent / sqrt(1 + lead_tangent * lead_tangent);

    c->dc = dc;
    c->gain = gain;
    if (a == c->half && knee == c->knee)
        return;
    double flux = flux_of(c);
    c->knee = knee;
    c->half = a;
    c->limit = knee * (1 + a);
    c->q_r = (1 - a) / (1 + a);
    c->q_beyond = (1 - steep) / (1 + steep) - c->q_r;
    c->g_r = 1 / (1 + a);
    c->g_beyond = CT_CORE_STEEPER / (1 + steep) - c->g_r;
    set_flux(c, flux);
}

/* What the core has seen, as if it had rested there before. */
static void set_rest(struct ct_core *c, double rest)
{
    const double limit = c->kept * c->knee;
    rest = fmax(-limit, fmin(limit, rest));
    for (int k = 0; k < 3; k++)
        c->last[k] += rest - c->rest;
    c->rest = rest;
}

static void follow_flux(struct ct_core *c)
{
    const double play = (1 - c->kept) * c->knee, flux = flux_of(c);
    if (flux - c->rest > play)
        set_rest(c, flux - play);
    else if (flux - c->rest < -play)
        set_rest(c, flux + play);
}

void ct_core_set_hysteresis(struct ct_core *c, double kept)
{
    c->kept = kept;
    set_rest(c, c->rest);
}

void ct_core_start(struct ct_core *c)
{
    c->r = c->rest = 0;
    c->fresh = true;
}

void ct_core_magnetise(struct ct_core *c, double share)
{
    set_flux(c, share * c->knee);
    set_rest(c, share * c->knee);
}

/* Cores side by side: each step waits for the one before it, so that three cores take
 * hardly longer than one. Two fit into a vector of every processor; compilers do not
 * find that by themselves. What is missing to four rests. */
enum { PAIRS = 2 };

typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_mask __attribute__((vector_size(16)));

struct cores {
    pair half[PAIRS], limit[PAIRS], dc[PAIRS], gain[PAIRS];
    pair q_r[PAIRS], q_beyond[PAIRS], g_r[PAIRS], g_beyond[PAIRS];
    pair r[PAIRS], rest[PAIRS], last[3][PAIRS];
};

static inline void get(struct cores *l, int k, const struct ct_core *c)
{
    const int p = k / 2, n = k % 2;

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
    c->r = l->r[k / 2][k % 2];
    for (int t = 0; t < 3; t++)
        c->last[t] = l->last[t][k / 2][k % 2];
}

/* As beyond(). */
static inline pair pair_beyond(pair r, pair limit)
{
    const pair_mask above = (pair_mask)(r - limit) & (r > limit);
    const pair_mask below = (pair_mask)(r + limit) & (r < -limit);

    return (pair)(above | below);
}

/* The current at the end of step j, × half, from the last four samples, × half. */
static inline pair interpolate(const pair x[4], int j)
{
    return (weight_now[j] * x[0] + weight_last[0][j] * x[1]) +
           (weight_last[1][j] * x[2] + weight_last[2][j] * x[3]);
}

/* Through one sample: r of each step is φ − half·g(φ) of the one before, and half of
 * the current at both ends. x, the conductors' currents, become what comes out. */
static inline void advance(struct cores *l, pair x[PAIRS])
{
    pair now[PAIRS], scaled[PAIRS][4], before[PAIRS], r[PAIRS];

    for (int p = 0; p < PAIRS; p++) {
        now[p] = x[p] + l->dc[p] + l->rest[p];
        scaled[p][0] = l->half[p] * now[p];
        for (int t = 0; t < 3; t++)
            scaled[p][1 + t] = l->half[p] * l->last[t][p];
        before[p] = scaled[p][1];
        r[p] = l->r[p];
    }
    for (int j = 0; j < CT_CORE_STEPS; j++)
        for (int p = 0; p < PAIRS; p++) {
            pair kept =
                l->q_r[p] * r[p] + l->q_beyond[p] * pair_beyond(r[p], l->limit[p]);
            pair drive = interpolate(scaled[p], j);
            r[p] = kept + (before[p] + drive);
            before[p] = drive;
        }
    for (int p = 0; p < PAIRS; p++) {
        pair flux = l->g_r[p] * r[p] + l->g_beyond[p] * pair_beyond(r[p], l->limit[p]);
        x[p] = (now[p] - flux) * l->gain[p];
        l->r[p] = r[p];
        l->last[2][p] = l->last[1][p];
        l->last[1][p] = l->last[0][p];
        l->last[0][p] = now[p];
    }
}

/* Hysteresis moves the rest flux after a sample. */
static void follow(struct cores *l, struct ct_core *const core[], int cores)
{
    for (int k = 0; k < cores; k++)
        if (core[k]->kept > 0) {
            put(l, k, core[k]);
            follow_flux(core[k]);
            get(l, k, core[k]);
        }
}

void ct_core_run(struct ct_core *const core[], int cores, int n, double *const x[])
{
    struct cores l = { .half = { { 0 } } };
    bool follows = false;

    for (int k = 0; k < cores; k++) {
        struct ct_core *c = core[k];
        if (c->fresh)
            c->last[0] = c->last[1] = c->last[2] = x[k][0] + c->dc + c->rest;
        c->fresh = false;
        follows |= c->kept > 0;
        get(&l, k, c);
    }
    for (int t = 0; t < n; t++) {
        pair now[PAIRS] = { { 0 } };
        for (int k = 0; k < cores; k++)
            now[k / 2][k % 2] = x[k][t];
        advance(&l, now);
        for (int k = 0; k < cores; k++)
            x[k][t] = now[k / 2][k % 2];
        if (follows)
            follow(&l, core, cores);
    }
    for (int k = 0; k < cores; k++)
        put(&l, k, core[k]);
}
