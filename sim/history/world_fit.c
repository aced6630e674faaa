/* A meter whose settings fit a log. See world_fit.h. */
#include "sim/history/world_fit.h"
#include "sim/program/error.h"
#include <math.h>

#define ROOT3 1.7320508075688772

/* Of a column: its largest size, or the median of what is above nothing. */
static double largest(const struct history *h, int quantity)
{
    int column = history_find(h, quantity);
    double most = 0;

    for (int row = 0; column >= 0 && row < h->rows; row++) {
        double x = fabs(history_value(h, row, column));
        most = x > most ? x : most; /* NaN is not */
    }
    return most;
}

static int compare_double(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(const struct history *h, int quantity)
{
    int column = history_find(h, quantity), count = 0;
    double *x = g_new(double, h->rows), middle = 0;

    for (int row = 0; column >= 0 && row < h->rows; row++)
        if (history_value(h, row, column) > 1)
            x[count++] = history_value(h, row, column);
    if (count) {
        qsort(x, (size_t)count, sizeof *x, compare_double);
        middle = x[count / 2];
    }
    g_free(x);
    return middle;
}

/* Between lines; 0: the log has no voltage. */
static double lines_of_log(const struct history *h, int system_type)
{
    static const int lines[] = { Q_VLL_AVG, Q_V_AB, Q_V_BC, Q_V_AC };
    static const int neutral[] = { Q_VLN_AVG, Q_V_AN, Q_V_BN, Q_V_CN };
    double volts = 0;

    for (size_t k = 0; k < G_N_ELEMENTS(lines) && volts <= 0; k++)
        volts = median(h, lines[k]);
    for (size_t k = 0; k < G_N_ELEMENTS(neutral) && volts <= 0; k++)
        volts = median(h, neutral[k]) * (system_type == 12 ? 2 : ROOT3);
    return volts;
}

/* The nearest nominal voltage, when it is within a tenth; and where it is usual. */
static const struct usual {
    double volts, hz;
} usual_volts[] = { { 208, 60 }, { 240, 60 }, { 380, 50 }, { 400, 50 }, { 415, 50 },
                    { 440, 60 }, { 480, 60 }, { 600, 60 }, { 690, 50 } };

static const struct usual *nominal(double volts)
{
    const struct usual *best = NULL;

    for (size_t k = 0; k < G_N_ELEMENTS(usual_volts); k++) {
        const double off = fabs(volts - usual_volts[k].volts);
        if (off <= 0.1 * volts && (!best || off < fabs(volts - best->volts)))
            best = &usual_volts[k];
    }
    return best;
}

static double nominal_volts(double volts)
{
    const struct usual *best = nominal(volts);

    return best ? best->volts : round(volts);
}

static double nominal_hz(const struct history *h, double volts)
{
    const double hz = median(h, Q_FREQ);
    const struct usual *best = nominal(volts);

    if (hz > 0)
        return hz < 55 ? 50 : 60;
    return best ? best->hz : 60;
}

/* Of a counter: the most kW that one row's rise stands for. */
static double largest_rise_kw(const struct history *h, int quantity)
{
    int column = history_find(h, quantity);
    double most = 0;

    for (int row = 1; column >= 0 && row < h->rows; row++) {
        const double ms =
            (double)(history_stamp_ms(h, row) - history_stamp_ms(h, row - 1));
        double kwh = history_value(h, row, column) - history_value(h, row - 1, column);
        most = fmax(most, fabs(kwh) * 3.6e6 / ms);
    }
    return most;
}

static double amps_of_energy(const struct history *h, double volts)
{
    static const int counters[] = { Q_KWH_NET, Q_KWH_IMPORT, Q_KWH_EXPORT };
    double most = 0;

    for (size_t k = 0; k < G_N_ELEMENTS(counters); k++)
        most = fmax(most, largest_rise_kw(h, counters[k]) * 1000 / (ROOT3 * volts));
    return most;
}

static double amps_of_log(const struct history *h, double volts)
{
    static const int currents[] = { Q_I_A, Q_I_B, Q_I_C, Q_I_AVG };
    static const int powers[] = { Q_KW_TOTAL, Q_KVA_TOTAL, Q_KVAR_TOTAL };
    static const int each[] = { Q_KW_A, Q_KW_B, Q_KW_C, Q_KVA_A, Q_KVA_B, Q_KVA_C };
    double most = 0;

    for (size_t k = 0; k < G_N_ELEMENTS(currents); k++)
        most = fmax(most, largest(h, currents[k]));
    if (most > 0)
        return most;
    for (size_t k = 0; k < G_N_ELEMENTS(powers); k++)
        most = fmax(most, largest(h, powers[k]) * 1000 / (ROOT3 * volts));
    for (size_t k = 0; k < G_N_ELEMENTS(each); k++)
        most = fmax(most, largest(h, each[k]) * 1000 * ROOT3 / volts);
    return most > 0 ? most : amps_of_energy(h, volts);
}

/* CTs are made for these; a fifth is left for crests and for steps between the rows. */
static double rating(double amps)
{
    static const double usual[] = { 5,   20,  50,   100,  150,  200,  300,  400,
                                    600, 800, 1000, 1200, 1600, 2000, 3000, 4000 };

    for (size_t k = 0; k < G_N_ELEMENTS(usual); k++)
        if (amps * 1.2 <= usual[k])
            return usual[k];
    return fmin(ceil(amps * 1.2 / 1000) * 1000, 32000);
}

static bool has_load(const struct history *h)
{
    static const int wanted[] = { Q_KW_TOTAL, Q_KW_A, Q_KWH_IMPORT, Q_KWH_EXPORT,
                                  Q_KWH_NET,  Q_I_A,  Q_I_AVG };

    for (size_t k = 0; k < G_N_ELEMENTS(wanted); k++)
        if (history_find(h, wanted[k]) >= 0)
            return true;
    return false;
}

bool world_fit(const struct history *h, const struct world_options *o, struct demo *d,
               GError **error)
{
    demo_default(d);
    d->model = model_find(o->model ? o->model : "s4100");
    d->system_type = o->system_type ? o->system_type : 40;
    if (!has_load(h))
        return error_set(
            error, "%s: no column says what flows: a current, kW or kWh is needed",
            h->path);
    double lines = lines_of_log(h, d->system_type);
    if (lines <= 0 && o->volts <= 0)
        return error_set(error, "%s: no column is a voltage: give --volts", h->path);
    d->volts_ll = o->volts > 0 ? o->volts : nominal_volts(lines);
    d->pt_ratio = o->pt_ratio > 0     ? o->pt_ratio
                  : d->volts_ll > 660 ? ceil(d->volts_ll / 120)
                                      : 1;
    double amps = amps_of_log(h, lines > 0 ? lines : d->volts_ll);
    d->ct_primary_a = o->ct > 0 ? o->ct : fmax(rating(amps), d->model->ct_min);
    d->hz = o->hz > 0 ? o->hz : nominal_hz(h, d->volts_ll);
    return true;
}
