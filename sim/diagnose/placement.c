/* Phasors of readings. See placement.h. */
#include "sim/diagnose/placement.h"
#include "core/hal.h"
#include <math.h>

#define DEGREES (180 / G_PI)

/* Sizes of nominal below these tell no angle. */
#define DARK_VOLTS 0.001
#define DARK_AMPS  0.0005

static double alive(double volts)
{
    return isnan(volts) ? 0 : volts;
}

/* Three wires: against the centre of the triangle of line voltages (median theorem). */
static double star_volts(const double vll[3], int k)
{
    const double own = vll[k], other = vll[(k + 2) % 3], far = vll[(k + 1) % 3];
    const double square = 2 * own * own + 2 * other * other - far * far;

    return sqrt(fmax(0, square)) / 3;
}

double placement_element_volts(const struct observation *o,
                               const struct observation_dump *d, int k)
{
    switch ((enum system_element)o->type->element) {
    case ELEMENT_LN:
        return d->v[k];
    case ELEMENT_AB:
        return d->vll[0];
    case ELEMENT_STAR:
        return star_volts(d->vll, k);
    }
    g_assert_not_reached();
}

/* Fundamental of a sine of r times the clipping level, in clipping levels. */
static double clipped_fundamental(double r)
{
    if (r <= 1)
        return r;
    return 2 / G_PI * (r * asin(1 / r) + sqrt(1 - 1 / (r * r)));
}

/* Undoes it up to 2.5 times the level, where the curve becomes flat. */
static double unclipped(double amps, double level)
{
    double low = 1, high = 2.5;

    if (amps < level * 0.98)
        return amps;
    if (amps >= level * clipped_fundamental(high))
        return level * high;
    for (int n = 0; n < 30; n++) {
        const double middle = (low + high) / 2;
        if (clipped_fundamental(middle) * level < amps)
            low = middle;
        else
            high = middle;
    }
    return level * low;
}

static bool has_power(const struct observation *o, const struct observation_dump *d,
                      int k)
{
    return placement_element_volts(o, d, k) > DARK_VOLTS * observation_nominal_ln(o) &&
           hypot(d->p[k], d->q[k]) > 0 && d->i[k] > DARK_AMPS * o->ct_primary;
}

double placement_amps(const struct observation *o, const struct observation_dump *d,
                      int k)
{
    /* Types 11: the meter's P is that of the voltage between the lines. */
    const double level = o->ct_primary * HAL_CURRENT_PEAK_PERMIL / 1000 / sqrt(2);

    if (!has_power(o, d, k))
        return d->i[k];
    return unclipped(hypot(d->p[k], d->q[k]) / placement_element_volts(o, d, k), level);
}

double placement_lag_deg(const struct observation *o, const struct observation_dump *d,
                         int k)
{
    return has_power(o, d, k) ? DEGREES * atan2(d->q[k], d->p[k]) : (double)NAN;
}

/* The angle from a to b by the law of cosines, on the side where it is expected. */
static double angle_between(double a, double b, double third, double expected)
{
    const double cosine = (a * a + b * b - third * third) / (2 * a * b);
    const double angle = acos(fmax(-1, fmin(1, cosine)));

    if (isnan(third))
        return expected;
    return sin(expected) < -1e-6 ? -angle : angle;
}

static int line_between(int a, int b)
{
    return a + b == 1 ? 0 : a + b == 3 ? 1 : 2;
}

/* The input that has the hypothesis' angle: the first one that is alive, and rather one
 * whose conductor is not held by loads, as what these make of it changes. */
static int reference(const struct observation_dump *d, const struct sight *s,
                     double dark)
{
    int first = -1;

    for (int k = 2; k >= 0; k--)
        if (alive(d->v[k]) > dark)
            first = k;
    for (int k = 2; k >= 0; k--)
        if (alive(d->v[k]) > dark && s->volt_from[k] != SIGHT_NONE)
            first = k;
    return first;
}

/* Inputs against a neutral. */
static void place_inputs(struct placement *p, const struct observation *o,
                         const struct observation_dump *d, const struct sight *s)
{
    const double dark = DARK_VOLTS * observation_nominal_ln(o);
    const int first = reference(d, s, dark);

    for (int k = 0; k < 3; k++) {
        const double volts = alive(d->v[k]);
        double angle = carg(s->channel[k]);
        p->channel[k] = 0;
        if (volts <= dark)
            continue;
        if (k != first)
            angle = carg(s->channel[first]) +
                    angle_between(d->v[first], volts, d->vll[line_between(first, k)],
                                  carg(s->channel[k] * conj(s->channel[first])));
        p->channel[k] = volts * cexp(I * angle);
    }
}

/* A triangle of line voltages, its centre at 0, A where the hypothesis has it. */
static void place_triangle(struct placement *p, const struct observation_dump *d,
                           const struct sight *s)
{
    const double ab = d->vll[0], bc = d->vll[1], ca = d->vll[2];
    const double complex to_b = s->channel[1] - s->channel[0],
                         to_c = s->channel[2] - s->channel[0];
    double complex corner[3] = { 0, ab, 0 };

    if (ab > 0 && ca > 0)
        corner[2] = ca * cexp(I * angle_between(ab, ca, bc, carg(to_c * conj(to_b))));
    const double complex centre = (corner[0] + corner[1] + corner[2]) / 3;
    const double turn = carg(s->channel[0]) - carg(corner[0] - centre);
    for (int k = 0; k < 3; k++)
        p->channel[k] = (corner[k] - centre) * cexp(I * turn);
}

void placement_of(struct placement *p, const struct observation *o,
                  const struct observation_dump *d, const struct sight *s)
{
    if (o->type->element == ELEMENT_STAR)
        place_triangle(p, d, s);
    else
        place_inputs(p, o, d, s);
    for (int k = 0; k < 3; k++) {
        const double lag = placement_lag_deg(o, d, k) / DEGREES;
        p->element[k] = o->type->element == ELEMENT_AB
                            ? alive(d->vll[0]) * cexp(I * carg(s->element[0]))
                            : p->channel[k];
        p->current[k] = isnan(lag) ? 0
                                   : placement_amps(o, d, k) *
                                         cexp(I * (carg(p->element[k]) - lag));
    }
}
