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
    double inside = r > limit ? limit : r;
    inside = inside < -limit ? -limit : inside;
    return r - inside;
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

/* The current at the ends of the steps, × half. */
static inline void interpolate(const struct ct_core *c, double now,
                               double drive[CT_CORE_STEPS])
{
    const double x1 = c->half * now, x0 = c->half * c->last[0],
                 m1 = c->half * c->last[1], m2 = c->half * c->last[2];

    for (int j = 0; j < CT_CORE_STEPS; j++)
        drive[j] = (weight_now[j] * x1 + weight_last[0][j] * x0) +
                   (weight_last[1][j] * m1 + weight_last[2][j] * m2);
}

/* Through one sample: r of each step is φ − half·g(φ) of the one before, and half of
 * the current at both ends. */
static inline double advance(struct ct_core *c, double now)
{
    double drive[CT_CORE_STEPS], before = c->half * c->last[0], r = c->r;

    interpolate(c, now, drive);
    for (int j = 0; j < CT_CORE_STEPS; j++) {
        double kept = c->q_r * r + c->q_beyond * beyond(r, c->limit);
        r = kept + (before + drive[j]);
        before = drive[j];
    }
    c->r = r;
    c->last[2] = c->last[1];
    c->last[1] = c->last[0];
    c->last[0] = now;
    return c->g_r * r + c->g_beyond * beyond(r, c->limit);
}

void ct_core_run(struct ct_core *c, int n, double *x)
{
    if (c->fresh)
        c->last[0] = c->last[1] = c->last[2] = x[0] + c->dc + c->rest;
    c->fresh = false;
    for (int t = 0; t < n; t++) {
        double primary = x[t] + c->dc + c->rest;
        x[t] = (primary - advance(c, primary)) * c->gain;
        if (c->kept > 0)
            follow_flux(c);
    }
}
