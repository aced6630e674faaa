/* Saturation fitted to readings. See saturation.h. What a core makes of a sine is asked
 * of the simulated core itself. */
#include "sim/diagnose/saturation.h"
#include "hal_sim/ct_core.h"
#include "sim/diagnose/prior.h"
#include <math.h>

/* A second of a sine at 60 Hz, of which the last cycles count: flux of the beginning is
 * gone by then, as a core that saturates loses it in each cycle. */
enum { SAMPLES = HAL_SAMPLE_RATE, CYCLE = SAMPLES / 60, TAKEN = 6 * CYCLE };

/* The load's amplitude ÷ the knee, between which it is searched, and in how many steps. */
#define LEAST_BEYOND 1.0
#define MOST_BEYOND  12.0
enum { SEARCH_STEPS = 18 };

/* Rt ÷ ωLm of 15 minutes, as the fault has it where no phase error is set. */
#define LEAD_TANGENT 0.0043633

struct output {
    double complex fundamental; /* of a sine of 1 */
    double distortion;
};

static struct output saturate(double beyond)
{
    static const double turn = 2 * G_PI / CYCLE;
    struct ct_core core = { .knee = 0 };
    struct ct_core *const one[] = { &core };
    double *wave = g_new(double, SAMPLES), *const waves[] = { wave };
    struct output out = { 0, 0 };
    double square = 0;

    for (int n = 0; n < SAMPLES; n++)
        wave[n] = sqrt(2) * cos(turn * n);
    ct_core_start(&core);
    ct_core_prepare(&core, 1 / beyond, LEAD_TANGENT, 0, 1);
    ct_core_run(one, 1, SAMPLES, waves);
    for (int n = SAMPLES - TAKEN; n < SAMPLES; n++) {
        out.fundamental += sqrt(2) / TAKEN * wave[n] * cexp(-I * (turn * n));
        square += wave[n] * wave[n] / TAKEN;
    }
    const double own = cabs(out.fundamental) * cabs(out.fundamental);
    out.distortion = own > 0 ? sqrt(fmax(0, square / own - 1)) : 0;
    g_free(wave);
    return out;
}

/* The distortion rises with the load. */
static double beyond_knee(double distortion)
{
    double low = LEAST_BEYOND, high = MOST_BEYOND;

    for (int n = 0; n < SEARCH_STEPS; n++) {
        const double middle = sqrt(low * high);
        if (saturate(middle).distortion < distortion)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double saturation_distortion(const struct observation *o,
                             const struct observation_dump *d, int k)
{
    const double fundamental =
        hypot(d->p[k], d->q[k]) / placement_element_volts(o, d, k);

    if (!(fundamental > 0) || isnan(placement_lag_deg(o, d, k)) || d->q_size_only[k] ||
        placement_amps(o, d, k) > 1.001 * fundamental)
        return (double)NAN;
    const double ratio = d->i[k] / fundamental;
    return ratio > 1 ? sqrt(ratio * ratio - 1) : 0;
}

/* Of the other inputs. */
static double usual_distortion(const struct evidence *e,
                               const struct observation_dump *d, int k)
{
    double sum = 0;
    int count = 0;

    for (int j = 0; j < e->phases; j++) {
        const double other = saturation_distortion(e->o, d, j);
        if (j == k || isnan(other))
            continue;
        sum += other;
        count++;
    }
    return count ? sum / count : 0;
}

/* How much less probable such a distortion is of a load: per logarithm, as the other. */
static double log_for(double own, double usual)
{
    const double least = PRIOR_DISTORTION_LEAST,
                 x = (log(fmax(own, least)) - log(fmax(usual, least))) /
                     PRIOR_DISTORTION_SD,
                 bell = exp(-0.5 * x * x) / (PRIOR_DISTORTION_SD * sqrt(2 * G_PI)),
                 any = 1 / -log(least);

    return log(any /
               ((1 - PRIOR_DISTORTION_WIDE) * bell + PRIOR_DISTORTION_WIDE * any));
}

bool saturation_fit(struct supply *s, const struct evidence *e)
{
    double complex direction = 0;
    double log_size = 0, log_knee = 0;
    int count = 0;

    s->log_fit = 0;
    for (int n = 0; n < e->o->count; n++) {
        const struct observation_dump *d = &e->o->dump[n];
        const double own = saturation_distortion(e->o, d, s->phase),
                     usual = usual_distortion(e, d, s->phase);
        if (!(own > 2 * fmax(usual, PRIOR_DISTORTION_LEAST)))
            continue;
        const double beyond = beyond_knee(sqrt(own * own - usual * usual));
        const double complex left = saturate(beyond).fundamental;
        const double amps =
            placement_amps(e->o, d, s->phase) / e->o->ct_primary / cabs(left);
        log_knee += log(amps / beyond);
        log_size += log(cabs(left));
        direction += left / cabs(left);
        s->log_fit += log_for(own, usual) / e->o->count;
        count++;
    }
    if (count == 0)
        return false;
    s->share = exp(log_knee / count);
    s->shift = exp(log_size / count) * direction / cabs(direction);
    return true;
}
