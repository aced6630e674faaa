/* The world behind the readings. See world.h. */
#include "sim/diagnose/world.h"
#include "sim/diagnose/evidence_angle.h"
#include "sim/diagnose/prior.h"
#include <math.h>

#define DEGREES (180 / G_PI)

/* 5 % of a bell lie beyond this many deviations on each side. */
#define BEYOND_5_PERCENT 1.645

/* Read powers below this share of the apparent powers give no factor. */
#define NEXT_TO_NOTHING 1e-4

/* --- voltages --- */

/* Healthy ones, as large as the readings say or as nominal. */
static void assume_volts(struct world *w, const struct observation *o,
                         const struct observation_dump *d, const struct sight *s)
{
    double read = 0, expected = 0;

    for (int k = 0; k < 3; k++) {
        if (!isnan(d->vll[k]) && s->vll[k] > 0.1) {
            read += d->vll[k];
            expected += s->vll[k];
        }
        if (!isnan(d->v[k]) && s->v[k] > 0.1) {
            read += d->v[k];
            expected += s->v[k];
        }
    }
    const double level = expected > 0 ? read / expected : observation_nominal_ln(o);
    for (int k = 0; k < 3; k++) {
        w->volts[k] = level * s->base[k];
        w->volts_seen[k] = false;
    }
}

/* Without a neutral inputs are read against their star point: how far that lies from
 * the grid's, whose three voltages sum to zero. */
static double complex star_shift(const struct placement *p, const struct sight *s)
{
    double complex sum = 0, weight = 0;

    for (int k = 0; k < 3; k++) {
        sum += p->channel[k] / s->volt_gain[k];
        weight += 1 / s->volt_gain[k];
    }
    return cabs(weight) > 0.1 ? -sum / weight : 0;
}

/* Between two lines: A as assumed, B such that the reading comes out. */
static void see_line(struct world *w, const struct placement *p, const struct sight *s)
{
    if (s->volt_from[0] != 0 || s->volt_from[1] != 1)
        return;
    w->volts[1] = (s->volt_gain[0] * w->volts[0] - p->element[0]) / s->volt_gain[1];
    w->volts_seen[0] = w->volts_seen[1] = cabs(s->element[0]) > 1;
}

static double complex determinant(const double complex m[3][3])
{
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
           m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* Inputs that see more than one conductor each, by Cramer's rule; false: not enough is
 * read to tell the conductors apart. */
static bool solve_volts(struct world *w, const struct placement *p,
                        const struct sight *s)
{
    const double complex whole = determinant(s->input);

    for (int k = 0; k < 3; k++)
        if (p->channel[k] == 0 || s->lost[k])
            return false;
    if (cabs(whole) < 0.01)
        return false;
    for (int from = 0; from < 3; from++) {
        double complex m[3][3];
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < 3; j++)
                m[k][j] = j == from ? p->channel[k] : s->input[k][j];
        w->volts[from] = determinant(m) / whole;
        w->volts_seen[from] = true;
    }
    return true;
}

static void see_volts(struct world *w, const struct observation *o,
                      const struct placement *p, const struct sight *s)
{
    const bool star = o->type->element == ELEMENT_STAR;
    double complex shift = 0;
    unsigned known = 0;

    if (o->type->element == ELEMENT_AB)
        see_line(w, p, s);
    for (int k = 0; k < 3; k++)
        if (s->volt_from[k] != SIGHT_NONE && p->channel[k] != 0)
            known |= 1u << k;
    if (o->type->element == ELEMENT_LN && known != 7 && solve_volts(w, p, s))
        return;
    if (o->type->element == ELEMENT_AB || (star && known != 7))
        return;
    if (star)
        shift = star_shift(p, s);
    for (int k = 0; k < 3; k++)
        if (known >> k & 1) {
            w->volts[s->volt_from[k]] = (p->channel[k] + shift) / s->volt_gain[k];
            w->volts_seen[s->volt_from[k]] = true;
        }
}

double complex world_driving(const struct world *w, const struct observation *o, int k)
{
    return o->type->element == ELEMENT_AB ? w->volts[0] - w->volts[1] : w->volts[k];
}

void world_source(const struct world *w, const struct supply *supply,
                  double complex source[3])
{
    double complex sum = 0;
    int alive = 0;

    for (int k = 0; k < 3; k++) {
        source[k] = w->volts[k];
        sum += source[k];
        alive += cabs(source[k]) > 0;
    }
    for (int k = 0; k < 3 && supply->kind == SUPPLY_NEUTRAL_LOST; k++)
        if (cabs(source[k]) > 0)
            source[k] -= sum / alive;
}

double world_lag_deg(const struct world *w, const struct observation *o, int k)
{
    const double complex va = world_driving(w, o, k) * conj(w->amps[k]);

    return cabs(va) > 0 ? DEGREES * carg(va) : 0;
}

/* --- currents --- */

/* A model without direction reads sizes: of the four angles the one that is nearest to
 * the common lag. */
static double lag_image(double lag, double offset, double common, int images)
{
    const double image[4] = { lag, -lag, 180 - lag, 180 + lag };
    int best = 0;

    for (int n = 1; n < images; n++)
        if (fabs(remainder(image[n] + offset - common, 360)) <
            fabs(remainder(image[best] + offset - common, 360)))
            best = n;
    return image[best];
}

/* Where the sign of Q alone is not known, of the first two. */
static int images_of(const struct evidence *e, int dump, int k)
{
    return e->o->model->unidirectional ? 4 : e->o->dump[dump].q_size_only[k] ? 2 : 1;
}

static void choose_images(struct placement *p, const struct evidence *e,
                          const struct sight *s, int dump)
{
    const double common = evidence_lag_deg(e, s, dump);

    for (int k = 0; k < e->phases; k++) {
        const double lag = placement_lag_deg(e->o, &e->o->dump[dump], k);
        if (!isnan(lag) && sight_angle(s, k))
            p->current[k] =
                cabs(p->current[k]) *
                cexp(I * (carg(p->element[k]) - lag_image(lag, s->offset_deg[k], common,
                                                          images_of(e, dump, k)) /
                                                    DEGREES));
    }
}

/* What the rms has beyond the fundamental. */
static double fifth_percent(const struct observation *o,
                            const struct observation_dump *d, int k)
{
    const double volts = placement_element_volts(o, d, k);
    const double fundamental = hypot(d->p[k], d->q[k]) / volts;
    const double rest = d->i[k] * d->i[k] - fundamental * fundamental;

    const bool clipped = placement_amps(o, d, k) > 1.001 * fundamental;

    if (clipped || !(rest > 1e-4 * d->i[k] * d->i[k]))
        return 0;
    return fmin(100, 100 * sqrt(rest) / fundamental);
}

/* Where unbalance is all that is left of a voltage, its angle is such that the current
 * has the common lag. */
static void turn_elements(struct placement *p, const struct evidence *e,
                          const struct sight *s, int dump)
{
    const double common = evidence_lag_deg(e, s, dump);

    for (int k = 0; k < e->phases; k++) {
        const double lag = placement_lag_deg(e->o, &e->o->dump[dump], k);
        if (isnan(lag) || s->from[k] == SIGHT_NONE || sight_angle(s, k))
            continue;
        const double current =
            carg(s->base[s->from[k]] * s->gain[k]) - common / DEGREES;
        p->current[k] = cabs(p->current[k]) * cexp(I * current);
        p->element[k] = cabs(p->element[k]) * cexp(I * (current + lag / DEGREES));
    }
}

static void see_amps(struct world *w, const struct evidence *e,
                     const struct placement *p, const struct sight *s, int dump)
{
    const struct observation_dump *d = &e->o->dump[dump];

    for (int k = 0; k < e->phases; k++) {
        const int j = s->from[k];
        const bool saturates =
            s->supply.kind == SUPPLY_CT_SATURATES && s->supply.phase == k;
        if (j == SIGHT_NONE || (saturates && e->o->type->element == ELEMENT_STAR))
            continue; /* the sum of the others tells more */
        w->size_seen[j] = true;
        w->angle_seen[j] = (p->current[k] != 0 && sight_angle(s, k)) || d->i[k] <= 0;
        w->amps[j] = (p->current[k] != 0 ? p->current[k] : placement_amps(e->o, d, k)) /
                     (p->current[k] != 0 ? s->gain[k] : cabs(s->gain[k]));
        if (p->current[k] != 0 && !saturates) /* whose harmonics are its own */
            w->fifth_percent[j] = fifth_percent(e->o, d, k);
    }
}

/* What an assumed lag counts from. Between two lines it is the voltage as assumed, as
 * turn_elements has it: the one that is fitted to the reading is off by a degree. */
static double driving_angle(const struct world *w, const struct evidence *e,
                            const struct sight *s, int k)
{
    return carg(e->o->type->element == ELEMENT_AB ? s->base[k]
                                                  : world_driving(w, e->o, k));
}

/* The mean of the sizes that are seen, and the common lag. */
static void assume_amps(struct world *w, const struct evidence *e,
                        const struct sight *s, int dump)
{
    double log_sum = 0;
    double complex direction = 0;
    int count = 0;

    for (int k = 0; k < e->phases; k++) {
        if (w->size_seen[k] && cabs(w->amps[k]) > 0) {
            log_sum += log(cabs(w->amps[k]));
            count++;
        }
        if (w->angle_seen[k] && cabs(w->amps[k]) > 0)
            direction += world_driving(w, e->o, k) * conj(w->amps[k]) /
                         cabs(world_driving(w, e->o, k) * w->amps[k]);
    }
    const double lag =
        cabs(direction) > 0 ? carg(direction) : evidence_lag_deg(e, s, dump) / DEGREES;
    for (int k = 0; k < e->phases; k++) {
        const double size = w->size_seen[k]        ? cabs(w->amps[k])
                            : s->lost[k] || !count ? 0
                                                   : exp(log_sum / count);
        if (!w->size_seen[k] || !w->angle_seen[k])
            w->amps[k] = size * cexp(I * (driving_angle(w, e, s, k) - lag));
    }
}

/* On three wires the third current follows from the others. */
static void close_three_wires(struct world *w, const struct sight *s)
{
    int missing = SIGHT_NONE, count = 0;
    double complex sum = 0;

    for (int k = 0; k < 3; k++)
        if (w->size_seen[k] && w->angle_seen[k]) {
            sum += w->amps[k];
            count++;
        } else {
            missing = k;
        }
    if (count != 2 || s->lost[missing])
        return;
    w->amps[missing] = -sum;
    w->from_sum[missing] = true;
    w->size_seen[missing] = w->angle_seen[missing] = true;
}

void world_of(struct world *w, const struct evidence *e, const struct sight *s,
              int dump)
{
    struct placement p;

    *w = (struct world){ .volts = { 0 } };
    placement_of(&p, e->o, &e->o->dump[dump], s);
    choose_images(&p, e, s, dump);
    turn_elements(&p, e, s, dump);
    assume_volts(w, e->o, &e->o->dump[dump], s);
    see_volts(w, e->o, &p, s);
    see_amps(w, e, &p, s, dump);
    if (e->o->type->element == ELEMENT_STAR && !e->o->model->unidirectional)
        close_three_wires(w, s);
    assume_amps(w, e, s, dump);
    for (int k = 0; k < e->phases; k++)
        if (!s->lost[k])
            w->watts[k] = creal(world_driving(w, e->o, k) * conj(w->amps[k]));
}

/* --- the factor --- */

struct account {
    double real, read, apparent;
    double size_w[3]; /* Σ watts of phases whose size is assumed, over the dumps */
    double square_w;  /* variance of what is drawn anew in each dump */
    double sum_w;     /* of currents that are the sum of two others */
    double tangent_w[3], volts_w[3], seen_w[3];
};

static double read_watts(const struct observation *o, const struct observation_dump *d)
{
    double sum = 0;
    bool any = false;

    for (int k = 0; k < observation_phases(o); k++) {
        sum += isnan(d->p[k]) ? 0 : d->p[k];
        any |= !isnan(d->p[k]);
    }
    return any || isnan(d->p_total) ? sum : d->p_total;
}

static void add_dump(struct account *a, const struct evidence *e, const struct sight *s,
                     int dump)
{
    struct world w;
    double real = 0;

    world_of(&w, e, s, dump);
    for (int k = 0; k < e->phases; k++) {
        const double complex va = world_driving(&w, e->o, k) * conj(w.amps[k]);
        const double apart = PRIOR_APART_SD / DEGREES * sqrt(1.5);
        real += w.watts[k];
        a->apparent += cabs(va);
        if (!w.angle_seen[k]) {
            a->square_w +=
                pow(cimag(va) * apart, 2) + pow(creal(va) * apart * apart / 2, 2);
        }
        if (!w.size_seen[k])
            a->size_w[k] += w.watts[k];
        else
            a->seen_w[k] += w.watts[k];
        if (!w.volts_seen[k])
            a->volts_w[k] += w.watts[k];
        a->tangent_w[k] += cimag(va);
        if (w.from_sum[k])
            a->sum_w += cabs(va);
    }
    const bool sizes_only = e->o->model->unidirectional;
    a->real += sizes_only ? fabs(real) : real;
    a->read += read_watts(e->o, &e->o->dump[dump]);
}

static double variance(const struct account *a, const struct evidence *e)
{
    const double hour = PRIOR_SHARE_HOUR_SD * PRIOR_SHARE_HOUR_SD / MAX(1, e->loaded);
    const double own = e->options.balanced ? PRIOR_BALANCED_SD : PRIOR_SHARE_SD;
    const int others = MAX(1, e->phases - 1);
    const double share = sqrt((own * own + hour) * (1 + 1.0 / others));
    double sum = a->square_w + 2 * a->sum_w * a->sum_w *
                                   (PRIOR_CT_SD * PRIOR_CT_SD +
                                    PRIOR_CT_ANGLE_SD * PRIOR_CT_ANGLE_SD);

    for (int k = 0; k < 3; k++)
        sum += pow(share * a->size_w[k], 2) + pow(PRIOR_VOLTS_SD * a->volts_w[k], 2) +
               pow(PRIOR_CT_SD * a->seen_w[k], 2) +
               pow(PRIOR_CT_ANGLE_SD * a->tangent_w[k], 2);
    return sum;
}

struct world_factor world_factor(const struct evidence *e, const struct sight *s)
{
    struct account a = { 0 };
    struct world_factor f;

    for (int n = 0; n < e->o->count; n++)
        add_dump(&a, e, s, n);
    if (fabs(a.read) <= NEXT_TO_NOTHING * a.apparent)
        return (struct world_factor){ (double)NAN, (double)NAN, (double)NAN };
    const double by = BEYOND_5_PERCENT * sqrt(variance(&a, e)) / fabs(a.read);
    f.value = a.real / a.read;
    f.low = f.value - by;
    f.high = f.value + by;
    return f;
}
