/* The iron core of a CT. See ct_core.h. All arithmetic is + − × ÷ √ and comparison in
 * double, in an order that does not depend on how the samples are cut into calls. */
#include "hal_sim/ct_core.h"
#include "waveform/waveform.h"
#include <math.h>

#define PI    3.14159265358979323846
#define SQRT2 1.41421356237309504880

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

/* Hysteresis moves the rest flux after a sample. */
static void run_and_follow(struct ct_core *const core[], int cores, int n,
                           double *const x[])
{
    for (int t = 0; t < n; t++) {
        double *now[CT_CORES];
        for (int k = 0; k < cores; k++)
            now[k] = x[k] + t;
        ct_core_kernel(core, cores, 1, now);
        for (int k = 0; k < cores; k++)
            if (core[k]->kept > 0)
                follow_flux(core[k]);
    }
}

void ct_core_run(struct ct_core *const core[], int cores, int n, double *const x[])
{
    bool follows = false;

    for (int k = 0; k < cores; k++) {
        struct ct_core *c = core[k];
        if (c->fresh)
            c->last[0] = c->last[1] = c->last[2] = x[k][0] + c->dc + c->rest;
        c->fresh = false;
        follows |= c->kept > 0;
    }
    for (int from = 0; from < n; from += WAVEFORM_BLOCK) {
        const int count = n - from < WAVEFORM_BLOCK ? n - from : WAVEFORM_BLOCK;
        double *part[CT_CORES];
        for (int k = 0; k < cores; k++)
            part[k] = x[k] + from;
        if (follows)
            run_and_follow(core, cores, count, part);
        else
            ct_core_kernel(core, cores, count, part);
    }
}
