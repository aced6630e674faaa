/* Likelihoods of the angles of currents: the phases of a load have about the same lag,
 * which is one for each dump, and in a site that can export all of them turn by 180
 * degrees. A model without direction reads the size of P and Q, so any of four angles may
 * have been there. Currents of three wires sum to zero besides. */
#include "sim/diagnose/evidence_angle.h"
#include "sim/diagnose/prior.h"
#include <math.h>

#define DEGREES (180 / G_PI)

enum {
    LAG_MIN = -60,
    LAG_STEP = 3,
    LAG_MAX = LAG_MIN + LAG_STEP * EVIDENCE_LAGS,
    LAG_WIDE_MIN = -15
};

/* Kirchhoff on three wires: what is left of the sum, as a share of the mean current. */
#define SUM_SD      0.012
#define SUM_WIDE_SD 0.15
#define SUM_WIDE    0.05

/* What a neutral carries, likewise: with single-phase loads a good part of it. */
#define NEUTRAL_SD 0.25

static double bell(double x, double sd)
{
    return exp(-0.5 * (x / sd) * (x / sd)) / (sd * sqrt(2 * G_PI));
}

/* Of one phase's lag against the load's, per degree. */
static double apart(double degrees)
{
    const double x = remainder(degrees, 360);

    return (1 - PRIOR_APART_WIDE - PRIOR_APART_ANYTHING) * bell(x, PRIOR_APART_SD) +
           PRIOR_APART_WIDE * bell(x, PRIOR_APART_WIDE_SD) + PRIOR_APART_ANYTHING / 360;
}

static void start_angle(struct evidence_angle *a, const struct observation *o,
                        double lag, bool size_only)
{
    a->seen = !isnan(lag);
    for (int m = 0; m < EVIDENCE_CIRCLE && a->seen; m++) {
        double density = apart(lag + m);
        if (size_only)
            density += apart(-lag + m);
        else if (o->model->unidirectional)
            density += apart(-lag + m) + apart(180 - lag + m) + apart(180 + lag + m);
        a->density[m] = (float)density;
    }
}

/* Of the load's lag, for a step. */
static double lag_prior(double lag)
{
    const double usual = 1 - PRIOR_LAG_WIDE - PRIOR_LAG_LEAD;
    double density = usual * bell(lag - PRIOR_LAG_MEAN, PRIOR_LAG_SD) +
                     PRIOR_LAG_LEAD / (LAG_MAX - LAG_MIN);

    if (lag >= LAG_WIDE_MIN)
        density += PRIOR_LAG_WIDE / (LAG_MAX - LAG_WIDE_MIN);
    return LAG_STEP * density;
}

void evidence_angles_start(struct evidence *e)
{
    for (int n = 0; n < EVIDENCE_LAGS; n++)
        e->lag_prior[n] = lag_prior(LAG_MIN + n * LAG_STEP);
    for (int n = 0; n < e->o->count; n++)
        for (int k = 0; k < e->phases; k++)
            start_angle(&e->angle[n][k], e->o,
                        placement_lag_deg(e->o, &e->o->dump[n], k),
                        e->o->dump[n].q_size_only[k]);
}

static int circle(double degrees)
{
    const int whole = (int)lround(degrees) % EVIDENCE_CIRCLE;

    return whole < 0 ? whole + EVIDENCE_CIRCLE : whole;
}

struct lag {
    double sum, best, best_deg;
};

/* Of the kW of all phases, where those of each were not given: phases' lags differ. */
#define TOTAL_SD 0.06

/* Where the angle of one is not known: anything from -1 to 1. */
#define ANY_TOTAL 0.5

struct total {
    bool given;
    double p, va[3], sum; /* W, VA of the phases that are read */
};

static struct total total_of(const struct evidence *e, int n)
{
    const struct observation_dump *d = &e->o->dump[n];
    struct total t = { .given = !isnan(d->p_total) && !e->o->model->unidirectional,
                       .p = d->p_total };

    for (int k = 0; k < e->phases; k++) {
        t.va[k] = placement_element_volts(e->o, d, k) * d->i[k];
        t.sum += t.va[k];
        t.given &= !e->angle[n][k].seen;
    }
    t.given &= t.sum > 0;
    return t;
}

/* How well a common lag gives it. */
static double total_density(const struct total *t, const struct sight *s, double lag)
{
    double p = 0;

    for (int k = 0; k < 3; k++) {
        if (t->va[k] > 0 && !sight_angle(s, k))
            return ANY_TOTAL;
        if (t->va[k] > 0)
            p += t->va[k] * cos((lag - s->offset_deg[k]) / DEGREES);
    }
    return bell((t->p - p) / t->sum, TOTAL_SD);
}

/* The common lag integrated out; `turn`: 0, or 180 for export. */
static struct lag lag_of_dump(const struct evidence *e, const struct sight *s, int n,
                              double turn)
{
    const float *table[3] = { NULL };
    int at[3] = { 0 }, count = 0;
    double any_angle = 1;
    const struct total total = total_of(e, n);
    struct lag lag = { 0 };

    for (int k = 0; k < e->phases; k++)
        if (e->angle[n][k].seen && sight_angle(s, k)) {
            table[count] = e->angle[n][k].density;
            at[count++] = circle(s->offset_deg[k] + turn - LAG_MIN);
        } else if (e->angle[n][k].seen) {
            any_angle /= EVIDENCE_CIRCLE;
        }
    for (int step = 0; step < EVIDENCE_LAGS; step++) {
        double product = any_angle * e->lag_prior[step];
        if (total.given)
            product *= total_density(&total, s, LAG_MIN + step * LAG_STEP - turn);
        for (int c = 0; c < count; c++) {
            product *= (double)table[c][at[c]];
            at[c] -= LAG_STEP;
            if (at[c] < 0)
                at[c] += EVIDENCE_CIRCLE;
        }
        lag.sum += product;
        if (product > lag.best) {
            lag.best = product;
            lag.best_deg = LAG_MIN + step * LAG_STEP - turn;
        }
    }
    return lag;
}

void evidence_directions(const struct evidence *e, const struct sight *s, int dump,
                         double density[2])
{
    density[0] = lag_of_dump(e, s, dump, 0).sum;
    density[1] = lag_of_dump(e, s, dump, 180).sum;
}

double evidence_lag_deg(const struct evidence *e, const struct sight *s, int dump)
{
    const struct lag in = lag_of_dump(e, s, dump, 0),
                     out = lag_of_dump(e, s, dump, 180);

    return out.sum * PRIOR_EXPORT_HOURS > in.sum ? out.best_deg : in.best_deg;
}

/* Currents of conductors as the hypothesis has them; false: not all are known. */
static bool currents(const struct evidence *e, const struct sight *s, int n,
                     double complex current[3])
{
    struct placement p;
    unsigned known = 0;

    current[0] = current[1] = current[2] = 0;
    placement_of(&p, e->o, &e->o->dump[n], s);
    for (int k = 0; k < 3; k++) {
        if (s->from[k] == SIGHT_NONE || p.current[k] == 0)
            continue;
        current[s->from[k]] = p.current[k] / s->gain[k];
        known |= 1u << s->from[k];
    }
    return known == e->o->type->phases;
}

/* By Kirchhoff, of three wires; `free`: of currents that a neutral brings back. */
static double log_sums(const struct evidence *e, const struct sight *s, bool free)
{
    double sum = 0;

    for (int n = 0; n < e->o->count; n++) {
        double complex c[3];
        if (!currents(e, s, n, c))
            continue;
        const double mean = (cabs(c[0]) + cabs(c[1]) + cabs(c[2])) / e->phases;
        const double left = cabs(c[0] + c[1] + c[2]) / mean;
        if (free)
            sum += log(bell(left, NEUTRAL_SD) / NEUTRAL_SD + 1e-6);
        else
            sum += log((1 - SUM_WIDE) * bell(left, SUM_SD) / SUM_SD +
                       SUM_WIDE * bell(left, SUM_WIDE_SD) / SUM_WIDE_SD + 1e-6);
    }
    return sum;
}

/* Of sites with a neutral that is sound nothing is known of the sum. */
static double log_sum_to_zero(const struct evidence *e, const struct sight *s)
{
    if (e->o->model->unidirectional)
        return 0;
    if (s->supply.kind == SUPPLY_NEUTRAL_LOST)
        return log_sums(e, s, false) - log_sums(e, s, true);
    if (e->o->type->element != ELEMENT_STAR)
        return 0;
    return log_sums(e, s, supply_has_neutral(&s->supply));
}

static double log_directions(const struct evidence *e, const struct sight *s)
{
    double imports = 0, mixed = 0, exports = 0;

    for (int n = 0; n < e->o->count; n++) {
        double density[2];
        evidence_directions(e, s, n, density);
        imports += log(density[0] + 1e-300);
        exports += log(density[1] + 1e-300);
        mixed += log((1 - PRIOR_EXPORT_HOURS) * density[0] +
                     PRIOR_EXPORT_HOURS * density[1] + 1e-300);
    }
    if (e->options.direction == DIRECTION_IMPORT)
        return imports;
    if (e->options.direction == DIRECTION_EXPORT)
        return exports;
    const double top = fmax(imports, mixed);
    return top + log((1 - PRIOR_EXPORTER) * exp(imports - top) +
                     PRIOR_EXPORTER * exp(mixed - top));
}

double evidence_of_angles(const struct evidence *e, const struct sight *s)
{
    return log_directions(e, s) + log_sum_to_zero(e, s);
}
