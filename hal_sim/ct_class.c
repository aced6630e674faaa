/* Errors of an accuracy class. See ct_class.h. */
#include "hal_sim/ct_class.h"
#include "waveform/base/turn.h"
#include <math.h>

enum { POINTS = 5, PERIODS = 60 };

/* tan(π/42): the bilinear transform's angle at 60 Hz, where the phase error is exact.
 */
static const double warped_60_hz = 0.07493964001908697;

static const double percent[POINTS] = { 1, 5, 20, 100, 120 };

/* Limits at those currents; classes without a limit at 1 % keep that of 5 %. */
struct ct_class_row {
    double name;
    double ratio[POINTS], minutes[POINTS];
};

static const struct ct_class_row rows[] = {
    { 0.1, { 0.4, 0.4, 0.2, 0.1, 0.1 }, { 15, 15, 8, 5, 5 } },
    { 0.2, { 0.75, 0.35, 0.2, 0.2, 0.2 }, { 30, 15, 10, 10, 10 } }, /* 0.2S */
    { 0.5, { 1.5, 1.5, 0.75, 0.5, 0.5 }, { 90, 90, 45, 30, 30 } },
    { 1, { 3, 3, 1.5, 1, 1 }, { 180, 180, 90, 60, 60 } },
    { 3, { 3, 3, 3, 3, 3 }, { 0, 0, 0, 0, 0 } },
};

static double at_current(const double limit[POINTS], double current)
{
    int k = 1;

    if (current <= percent[0])
        return limit[0];
    while (k < POINTS && current > percent[k])
        k++;
    if (k == POINTS)
        return limit[POINTS - 1];
    double share = (current - percent[k - 1]) / (percent[k] - percent[k - 1]);
    return limit[k - 1] + share * (limit[k] - limit[k - 1]);
}

/* y = gain·(x − side·low), low of corner c: H = jf ÷ (jf + c) leads by atan(c/f);
 * (jf + 2c) ÷ (jf + c) lags by atan(x ÷ (1 + 2x²)), x = c/f, solved for x. The gain
 * makes up for |H| at 60 Hz. */
static void set_errors(struct ct_class *c, double current)
{
    double sine, cosine, minutes = at_current(c->row->minutes, current);
    double ratio = at_current(c->row->ratio, current) / 100;

    turn_sin_cos(turn_from_ratio(minutes, 360 * 60).frac, &sine, &cosine);
    double x = sine / cosine, size = 1;
    if (c->side < 0) {
        x = 2 * x / (1 + sqrt(1 - 8 * x * x));
        size = 1 + 4 * x * x;
    }
    double k = x * warped_60_hz;
    c->gain = (1 - c->side * ratio) * sqrt((1 + x * x) / size);
    c->keep = (1 - k) / (1 + k);
    c->take = k / (1 + k);
}

static const struct ct_class_row *row_of(double value)
{
    unsigned k = 0;

    while (rows[k].name < fabs(value) && k < sizeof rows / sizeof *rows - 1)
        k++;
    return &rows[k];
}

void ct_class_find(struct ct_class *c)
{
    c->row = row_of(c->value);
}

void ct_class_prepare(struct ct_class *c, double value, double rated)
{
    c->rated = rated;
    if (value == c->value)
        return;
    *c = (struct ct_class){ .value = value,
                            .rated = rated,
                            .row = row_of(value),
                            .side = value > 0 ? 1 : -1,
                            .fresh = true };
    set_errors(c, 100);
}

static void end_period(struct ct_class *c)
{
    double mean = c->sum / CT_CLASS_PERIOD;

    c->mean_square += (mean - c->mean_square) / (c->fresh ? 1 : PERIODS);
    c->fresh = false;
    c->sum = 0;
    c->count = 0;
    set_errors(c, sqrt(c->mean_square) / c->rated * 100);
}

void ct_class_run(struct ct_class *c, int n, double *x)
{
    for (int t = 0; t < n; t++) {
        double now = x[t];
        c->low = c->keep * c->low + c->take * (c->last + now);
        c->last = now;
        x[t] = c->gain * (now - c->side * c->low);
        c->sum += now * now;
        if (++c->count == CT_CLASS_PERIOD)
            end_period(c);
    }
}
