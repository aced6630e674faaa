/* The copper of an RS-485 line. See line_cable.h. */
#include "sim/line/line_cable.h"
#include <math.h>

#define TERMINATOR_OHM 120.0
#define STATION_OHM    96000.0 /* an eighth of a unit load of 12 kohm */
#define SUPPLY_MV      5000.0
#define DRIVER_MV      1500.0 /* the min that a driver gives into 54 ohm */
#define LOOP_OHM_PER_M 0.168  /* AWG 24, both ways */
#define FARAD_PER_M    50e-12
#define NS_PER_M       5.05   /* 66 % of the speed of light */
#define ROUND_TRIPS    3      /* until a reflection has died */
#define PULSE_MV       2000.0 /* the mean on a bare cable */
#define SHIELD         10.0   /* 20 dB */

static double parallel(double a, double b)
{
    return a * b / (a + b);
}

static int terminators(const struct line_cable *c)
{
    static const int count[] = { [LINE_ENDS_BOTH] = 2,
                                 [LINE_ENDS_ONE] = 1,
                                 [LINE_ENDS_NONE] = 0,
                                 [LINE_ENDS_MIDDLE] = 2 };

    return count[c->ends];
}

/* The longest piece of cable with an open end. */
static double open_m(const struct line_cable *c)
{
    double open = c->ends == LINE_ENDS_BOTH     ? 0
                  : c->ends == LINE_ENDS_MIDDLE ? c->length_m / 2
                                                : c->length_m;

    return fmax(open, c->stub_m);
}

struct line_signal line_cable_signal(const struct line_cable *c, int stations)
{
    struct line_signal s = { 0, DRIVER_MV, DRIVER_MV };
    double load = STATION_OHM / (stations > 0 ? stations : 1), loop;

    if (c->length_m <= 0)
        return s;
    loop = LOOP_OHM_PER_M * c->length_m;
    for (int k = terminators(c); k > 0; k--)
        load = parallel(load, TERMINATOR_OHM);
    s.settle_ns = (int64_t)(ROUND_TRIPS * 2 * NS_PER_M * open_m(c) +
                            1e9 * loop * FARAD_PER_M * c->length_m);
    if (c->ends == LINE_ENDS_BOTH)
        s.far_mv *= TERMINATOR_OHM / (TERMINATOR_OHM + loop);
    s.idle_mv = c->bias_ohm > 0 ? SUPPLY_MV * load / (2 * c->bias_ohm + load) : 0;
    return s;
}

double line_cable_float_share(const struct line_signal *s)
{
    double share = (LINE_THRESHOLD_MV - s->idle_mv) / (2.0 * LINE_THRESHOLD_MV);

    return fmax(0, fmin(1, share));
}

double line_cable_pulse_mv(const struct line_cable *c, double share)
{
    return -log(1 - share) * PULSE_MV / (c->bare ? 1 : SHIELD);
}
