/* Decays end after 40 time constants, below 5e-18 of what they were. */
#include "waveform/load_drive.h"
#include "waveform/base/constants.h"
#include "waveform/event.h"
#include "waveform/kernels.h"
#include <math.h>

/* e^−700 is the last power of e that a double holds with a margin. */
enum { DECAY_CONSTANTS = 40, EXPONENT_MAX = 700 };

/* x = n·ln 2 + rest: a polynomial on −½·ln 2…½·ln 2, and an exact power of two. ln 2 in
 * two pieces, of which n times the first is exact. */
double load_drive_decay(double x)
{
    if (x <= 0)
        return 1;
    if (x > EXPONENT_MAX)
        return 0;
    double n = floor(x * 1.44269504088896340736 + 0.5);
    double rest = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double sum = 1;
    for (int k = 17; k > 0; k--)
        sum = 1 - sum * rest / k;
    return ldexp(sum, -(int)n);
}

/* Seconds since the day began in which t falls. */
static double time_of_day(const struct load_drive *d, double t)
{
    double x = d->clock_s + (t - d->start_s);
    if (d->day_s <= 0)
        return x;
    return x - floor((x + EVENT_TICK) / d->day_s) * d->day_s;
}

static double charge(const struct load_drive *d, double t)
{
    double x = t - d->start_s;
    if (x < d->ramp_s)
        return x > 0 ? x / d->ramp_s : 0;
    return load_drive_decay((x - d->ramp_s - d->hold_s) / d->time_constant_s);
}

static double sun(const struct load_drive *d, double t)
{
    double x = time_of_day(d, t);
    if (x <= d->rise_s || x >= d->set_s)
        return 0;
    double half_turns = (x - d->rise_s) / (d->set_s - d->rise_s); /* below 1 */
    return turn_sin((uint64_t)(half_turns * TWO_TO_63));
}

double load_drive_value(const struct load_drive *d, double t)
{
    if (!event_reached(t, d->start_s))
        return 0;
    switch (d->kind) {
    case LOAD_DRIVE_DECAY: {
        double x = (t - d->start_s) / d->time_constant_s;
        return x + EVENT_TICK < DECAY_CONSTANTS ? load_drive_decay(x) : 0;
    }
    case LOAD_DRIVE_CHARGE:
        return charge(d, t);
    case LOAD_DRIVE_SUN:
        return sun(d, t);
    case LOAD_DRIVE_PROFILE:
        return profile_value(d->profile, d->phase, d->im, time_of_day(d, t));
    case LOAD_DRIVE_CONSTANT:
        break;
    }
    return 1;
}

void load_drive_values(const struct load_drive *d, const double *t, int n,
                       double *value)
{
    if (d->kind == LOAD_DRIVE_SUN) {
        kernel_sun(d, t, n, value);
        return;
    }
    if (d->kind == LOAD_DRIVE_CHARGE && t[n - 1] - d->start_s < d->ramp_s) {
        kernel_ramp(d, t, n, value);
        return;
    }
    for (int k = 0; k < n; k++)
        value[k] = load_drive_value(d, t[k]);
}

/* Only a profile is another one for each phase and part. */
static bool same_column(const struct load_drive *a, const struct load_drive *b)
{
    return a->kind != LOAD_DRIVE_PROFILE ||
           (a->profile == b->profile && a->phase == b->phase && a->im == b->im);
}

bool load_drive_same(const struct load_drive *a, const struct load_drive *b)
{
    return a->kind == b->kind && a->start_s == b->start_s && a->ramp_s == b->ramp_s &&
           a->hold_s == b->hold_s && a->time_constant_s == b->time_constant_s &&
           a->rise_s == b->rise_s && a->set_s == b->set_s && a->day_s == b->day_s &&
           a->clock_s == b->clock_s && same_column(a, b);
}

/* The instants after the start at which the law changes, as times after the start. */
static double first_after(double t, double start, const double *after, int count)
{
    double next = INFINITY;
    for (int k = 0; k < count; k++)
        if (!event_reached(t, start + after[k]) && start + after[k] < next)
            next = start + after[k];
    return next;
}

static double next_in_day(const struct load_drive *d, double t, double x)
{
    double next = d->day_s > 0 ? d->day_s : INFINITY;
    if (d->kind == LOAD_DRIVE_SUN) {
        if (!event_reached(x, d->rise_s))
            next = d->rise_s;
        else if (!event_reached(x, d->set_s))
            next = d->set_s;
    } else {
        next = fmin(next, profile_next(d->profile, x + EVENT_TICK));
    }
    return t + (next - x);
}

double load_drive_next(const struct load_drive *d, double t)
{
    const double charging[] = { d->ramp_s, d->ramp_s + d->hold_s,
                                d->ramp_s + d->hold_s +
                                    EXPONENT_MAX * d->time_constant_s };
    const double decaying = DECAY_CONSTANTS * d->time_constant_s;
    if (!event_reached(t, d->start_s))
        return d->start_s;
    switch (d->kind) {
    case LOAD_DRIVE_DECAY:
        return first_after(t, d->start_s, &decaying, 1);
    case LOAD_DRIVE_CHARGE:
        return first_after(t, d->start_s, charging, 3);
    case LOAD_DRIVE_SUN:
    case LOAD_DRIVE_PROFILE:
        return next_in_day(d, t, time_of_day(d, t));
    case LOAD_DRIVE_CONSTANT:
        break;
    }
    return INFINITY;
}

/* A law that is a straight line or monotonous stands still where both ends are equal.
 */
bool load_drive_moves(const struct load_drive *d, double t)
{
    if (d->kind == LOAD_DRIVE_CONSTANT || !event_reached(t, d->start_s))
        return false;
    double next = load_drive_next(d, t);
    if (next == INFINITY)
        return false;
    if (d->kind == LOAD_DRIVE_SUN) {
        double x = time_of_day(d, t);
        return event_reached(x, d->rise_s) && !event_reached(x, d->set_s);
    }
    double here = load_drive_value(d, t);
    if (d->kind == LOAD_DRIVE_CHARGE)
        return here != load_drive_value(d, (t + next) / 2);
    if (d->kind == LOAD_DRIVE_DECAY)
        return true;
    return here != load_drive_value(d, t + (next - t) / 2);
}
