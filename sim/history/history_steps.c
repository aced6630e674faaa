/* Steps of own records. See history_steps.h. A row is a mixture when P of all phases
 * lies on the line between those of its neighbours, which stand still. */
#include "sim/history/history_steps.h"
#include <math.h>

enum { AXES = 3 };

static const double STILL = 0.01; /* of the step, that the states beside it may move */
static const double STRAIGHT = 0.02; /* and the mixture may be beside the line */
static const double LEAST = 1e-4;    /* of the apparent power: less is no step */

struct states {
    const struct history *h;
    int column[AXES];
};

static void difference(const struct states *s, int a, int b, double to[AXES])
{
    for (int k = 0; k < AXES; k++)
        to[k] =
            history_value(s->h, a, s->column[k]) - history_value(s->h, b, s->column[k]);
}

static double product(const double a[AXES], const double b[AXES])
{
    double sum = 0;

    for (int k = 0; k < AXES; k++)
        sum += a[k] * b[k];
    return sum;
}

static bool stands_still(const struct states *s, int a, int b, double step)
{
    double d[AXES];

    if (a < 0 || b >= s->h->rows)
        return true;
    difference(s, a, b, d);
    return sqrt(product(d, d)) <= STILL * step;
}

/* How much of the row is like the one before it; below 0: it is no mixture. */
static double share_before(const struct states *s, int row)
{
    double whole[AXES], part[AXES];

    difference(s, row - 1, row + 1, whole);
    difference(s, row, row + 1, part);
    const double size = product(whole, whole), share = product(part, whole) / size;
    double power = 0;
    for (int k = 0; k < AXES; k++)
        power += fabs(history_value(s->h, row, s->column[k]));
    if (!(sqrt(size) > LEAST * power) || !(share > 0 && share < 1) ||
        !stands_still(s, row - 2, row - 1, sqrt(size)) ||
        !stands_still(s, row + 1, row + 2, sqrt(size)))
        return -1;
    for (int k = 0; k < AXES; k++)
        part[k] -= share * whole[k];
    return product(part, part) <= STRAIGHT * STRAIGHT * size ? share : -1;
}

void history_find_steps(struct history *h)
{
    struct states s = { .h = h };

    for (int k = 0; k < AXES; k++) {
        s.column[k] = history_find(h, Q_KW_A + k);
        if (s.column[k] < 0)
            return;
    }
    for (int row = 1; row + 1 < h->rows; row++) {
        const double share = share_before(&s, row);
        if (share < 0)
            continue;
        const int64_t length_ms = h->row[row].to_ms - h->row[row].at_ms;
        const int64_t ns = llround(share * (double)length_ms * 1e6);
        h->row[row].at_ms += CLAMP(ns / 1000000, 1, length_ms - 1);
        h->row[row - 1].to_ms = h->row[row].at_ms;
        h->row[row - 1].to_ns = (int)(ns % 1000000);
        h->row[row].like = row + 1;
    }
}
