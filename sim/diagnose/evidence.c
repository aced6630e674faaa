/* Likelihoods of voltages and of the sizes of currents. See evidence.h; angles are in
 * evidence_angle.c. */
#include "sim/diagnose/evidence.h"
#include "sim/diagnose/evidence_angle.h"
#include "sim/diagnose/prior.h"
#include <math.h>

/* The mean of the phases' currents is searched about that of the readings. */
#define MEAN_STEP 0.06
enum { MEAN_STEPS = 10 };

/* Of nominal: voltages that have an angle. */
#define ALIVE   0.1
#define DEGREES (180 / G_PI)

/* A current below this share of the CT's rating reads 0 (the no-load limit is 0.04 %). */
#define NO_AMPS 0.0006

static double log_bell(double x, double sd)
{
    return -0.5 * (x / sd) * (x / sd) - log(sd * sqrt(2 * G_PI));
}

static double log_sum(double a, double b)
{
    const double top = fmax(a, b);

    return top + log(exp(a - top) + exp(b - top));
}

/* --- what was read --- */

static void mean_voltages(struct evidence *e)
{
    const double unit = observation_nominal_ln(e->o) * e->o->count;

    for (int k = 0; k < 3; k++) {
        e->v[k] = e->vll[k] = 0;
        for (int n = 0; n < e->o->count; n++) {
            e->v[k] += e->o->dump[n].v[k] / unit;
            e->vll[k] += e->o->dump[n].vll[k] / unit;
        }
    }
}

static bool is_loaded(const struct evidence *e, const struct observation_dump *d)
{
    for (int k = 0; k < e->phases; k++)
        if (d->i[k] > NO_AMPS * e->o->ct_primary)
            return true;
    return false;
}

static void mean_currents(struct evidence *e)
{
    const double least = NO_AMPS * e->o->ct_primary;

    for (int k = 0; k < e->phases; k++) {
        int count = 0;
        e->size[k] = 0;
        for (int n = 0; n < e->o->count; n++) {
            const struct observation_dump *d = &e->o->dump[n];
            if (!(d->i[k] > least))
                continue;
            e->size[k] += log(placement_amps(e->o, d, k));
            count++;
        }
        e->zero[k] = count == 0;
        if (count)
            e->size[k] /= count;
    }
    for (int n = 0; n < e->o->count; n++)
        e->loaded += is_loaded(e, &e->o->dump[n]);
}

void evidence_start(struct evidence *e, const struct observation *o,
                    const struct evidence_options *options)
{
    *e = (struct evidence){ .o = o,
                            .options = *options,
                            .phases = observation_phases(o) };
    e->angle = g_malloc0_n((gsize)o->count, sizeof *e->angle);
    e->has_angles = o->count > 0;
    for (int n = 0; n < o->count; n++)
        e->has_angles &= o->dump[n].has_angles;
    mean_voltages(e);
    mean_currents(e);
    evidence_angles_start(e);
}

void evidence_clear(struct evidence *e)
{
    g_free(e->angle);
}

/* --- voltages --- */

struct fit {
    double read[6], expected[6], sum[6];
    int count;
};

static void add_reading(struct fit *f, double read, double expected, double sum)
{
    if (isnan(read))
        return;
    f->read[f->count] = read;
    f->expected[f->count] = expected;
    f->sum[f->count++] = sum;
}

/* Of all voltages: what the grid is above nominal. */
static double level_of(const struct fit *f, bool any)
{
    double product = any ? 0 : 1 / (PRIOR_LEVEL_SD * PRIOR_LEVEL_SD), square = product;

    for (int n = 0; n < f->count; n++) {
        product += f->read[n] * f->expected[n] / (PRIOR_VOLTS_SD * PRIOR_VOLTS_SD);
        square += f->expected[n] * f->expected[n] / (PRIOR_VOLTS_SD * PRIOR_VOLTS_SD);
    }
    return square > 0 ? product / square : 1;
}

/* A nominal voltage that is set wrong: any ratio is as probable. */
static double log_any_level(double level)
{
    if (!(level > PRIOR_LEVEL_LEAST && level < PRIOR_LEVEL_MOST))
        return log(PRIOR_VOLTS_ODD);
    return -log(level * log(PRIOR_LEVEL_MOST / PRIOR_LEVEL_LEAST));
}

static double log_level(double level)
{
    return log_sum(log(1 - PRIOR_LEVEL_ODD) + log_bell(level - 1, PRIOR_LEVEL_SD),
                   log(level > PRIOR_LEVEL_LEAST ? PRIOR_LEVEL_ODD : PRIOR_VOLTS_ODD));
}

/* The first input with a voltage, to which the others' angles are compared; -1: none. */
static int first_alive(const struct sight *s)
{
    for (int k = 0; k < 3; k++)
        if (cabs(s->channel[k]) > ALIVE)
            return k;
    return -1;
}

static double between(const struct sight *s, int first, int k)
{
    return DEGREES * carg(s->channel[k] * conj(s->channel[first]));
}

bool evidence_same_angles(const struct evidence *e, const struct sight *a,
                          const struct sight *b)
{
    const int first = first_alive(a);

    if (!e->has_angles || first < 0)
        return true;
    for (int k = first + 1; k < 3; k++)
        if (cabs(a->channel[k]) > ALIVE && cabs(b->channel[k]) > ALIVE &&
            fabs(remainder(between(a, first, k) - between(b, first, k), 360)) > 10)
            return false;
    return true;
}

/* Currents stay with their voltages, so a sequence of ACB changes nothing else. */
static bool is_straight(const struct sight *s)
{
    for (int k = 0; k < 3; k++)
        if (fabs(remainder(s->offset_deg[k], 180)) > 1)
            return false;
    return true;
}

/* Of the angles between voltages, where waveforms tell them. */
static double log_angles(const struct evidence *e, const struct sight *s)
{
    const int first = first_alive(s);
    double log_abc = log(1 - PRIOR_ACB), log_acb = log(PRIOR_ACB);

    if (!e->has_angles || first < 0)
        return 0;
    for (int n = 0; n < e->o->count; n++) {
        const struct observation_dump *d = &e->o->dump[n];
        for (int k = first + 1; k < 3; k++) {
            const double read = d->v_deg[k] - d->v_deg[first],
                         own = between(s, first, k);
            if (!(cabs(s->channel[k]) > ALIVE))
                continue;
            log_abc += log_sum(log_bell(remainder(read - own, 360), PRIOR_VOLTS_DEG),
                               log(PRIOR_VOLTS_ODD));
            log_acb += log_sum(log_bell(remainder(read + own, 360), PRIOR_VOLTS_DEG),
                               log(PRIOR_VOLTS_ODD));
        }
    }
    return is_straight(s) ? log_sum(log_abc, log_acb) : log_abc;
}

double evidence_of_voltages(const struct evidence *e, const struct sight *s)
{
    struct fit f = { .count = 0 };
    double sum = 0;

    for (int k = 0; k < 3; k++) {
        add_reading(&f, e->v[k], s->v[k], s->v_sum[k]);
        add_reading(&f, e->vll[k], s->vll[k], s->vll_sum[k]);
    }
    const bool any = s->supply.kind == SUPPLY_NOMINAL;
    const double level = level_of(&f, any);
    sum = s->supply.log_fit + (any ? log_any_level(level) : log_level(level));
    for (int n = 0; n < f.count; n++) {
        const double sd = hypot(PRIOR_VOLTS_SD * level * f.sum[n], PRIOR_METER_SD);
        sum += log_sum(log_bell(f.read[n] - level * f.expected[n], sd),
                       log(PRIOR_VOLTS_ODD));
    }
    return sum + log_angles(e, s);
}

/* --- sizes of currents --- */

/* Loads of phases are sums of many consumers, so their shares of the mean are bells about
 * 1. The mean is not known: every size of it, as a ratio, is as probable. Densities are
 * of logarithms of currents, so that a CT's ratio leaves them what they are. */
static double log_shares(const double *amps, int count, double mean, double sd)
{
    double sum = 0;

    for (int step = -MEAN_STEPS; step <= MEAN_STEPS; step++) {
        double product = MEAN_STEP;
        for (int n = 0; n < count; n++) {
            const double x = amps[n] / mean * exp(-MEAN_STEP * step);
            product *=
                x * exp(-0.5 * (x - 1) * (x - 1) / (sd * sd)) / (sd * sqrt(2 * G_PI));
        }
        sum += product;
    }
    return log(sum + 1e-300);
}

static double shares(const struct evidence *e, const double *amps, int count)
{
    const double hour = PRIOR_SHARE_HOUR_SD * PRIOR_SHARE_HOUR_SD / MAX(1, e->loaded);
    const double usual = e->options.balanced ? PRIOR_BALANCED_SD : PRIOR_SHARE_SD;
    double mean = 0;

    for (int n = 0; n < count; n++)
        mean += amps[n] / count;
    if (count < 2)
        return 0;
    return log_sum(
        log(1 - PRIOR_SHARE_WIDE) +
            log_shares(amps, count, mean, sqrt(usual * usual + hour)),
        log(PRIOR_SHARE_WIDE) +
            log_shares(amps, count, mean,
                       sqrt(PRIOR_SHARE_WIDE_SD * PRIOR_SHARE_WIDE_SD + hour)));
}

/* CTs are chosen so that their load stays below their rating. */
static double log_rating(const struct evidence *e, const double *amps, int count)
{
    double most = 0;

    for (int n = 0; n < count; n++)
        most = fmax(most, amps[n] / e->o->ct_primary);
    const double beyond = fmax(0, most - PRIOR_RATING) / PRIOR_RATING_SD;
    return -0.5 * beyond * beyond;
}

static double sizes(const struct evidence *e, const struct sight *s)
{
    double amps[3];
    int count = 0, unloaded = 0;

    for (int k = 0; k < e->phases; k++) {
        const bool none = s->from[k] == SIGHT_NONE;
        if (none && !e->zero[k])
            return -INFINITY;
        unloaded += e->zero[k] && !none;
        if (!e->zero[k] && !none)
            amps[count++] = exp(e->size[k]) / cabs(s->gain[k]);
    }
    if (count == 0 && unloaded)
        return log(PRIOR_NO_LOAD);
    return unloaded * log(PRIOR_UNLOADED) + shares(e, amps, count) +
           log_rating(e, amps, count);
}

double evidence_of_currents(const struct evidence *e, const struct sight *s)
{
    return sizes(e, s) + evidence_of_angles(e, s);
}
