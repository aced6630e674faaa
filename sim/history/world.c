/* From readings to a world. See world.h. P and Q of each phase are solved for in this
 * order: as they stand there; the total by the shares of V times I; V times I with a
 * power factor. */
#include "sim/history/world.h"
#include "sim/program/error.h"
#include "waveform/base/turn.h"
#include <math.h>
#include <string.h>

#define ROOT3 1.7320508075688772

enum { AB, BC, CA };

enum { PERCENT_AT_MOST = 100000 };

static const double DISTORTED = 1.0005; /* V times I over what P and Q make */

void world_init(struct world *w, const struct history *h, const struct demo *d,
                double pf)
{
    *w = (struct world){ .h = h, .demo = *d, .pf = pf, .row = -1 };
    w->last = g_new(double, h->columns);
    for (int k = 0; k < h->columns; k++)
        w->last[k] = (double)NAN;
}

void world_clear(struct world *w)
{
    g_free(w->last);
}

/* A reading, held over empty cells; NaN: the log has none so far. */
static double held(const struct world *w, int quantity)
{
    int column = history_find(w->h, quantity);

    return column < 0 ? (double)NAN : w->last[column];
}

static void hold(struct world *w, int row)
{
    row = w->h->row[row].like;
    while (w->row < row) {
        w->row++;
        for (int k = 0; k < w->h->columns; k++) {
            double value = history_value(w->h, w->row, k);
            if (!isnan(value))
                w->last[k] = value;
        }
    }
}

static bool all_given(const double x[3], unsigned phases)
{
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1 && isnan(x[k]))
            return false;
    return phases != 0;
}

static void three(const struct world *w, int first, double x[3])
{
    for (int k = 0; k < 3; k++)
        x[k] = held(w, first + k);
}

static unsigned phases_of(const struct world *w)
{
    int row = system_type_find((unsigned)w->demo.system_type);

    return system_type_table[row].phases;
}

/* Of the phases that are there. */
static double mean_given(const double x[3])
{
    double sum = 0;
    int count = 0;

    for (int k = 0; k < 3; k++) {
        sum += isnan(x[k]) ? 0 : x[k];
        count += !isnan(x[k]);
    }
    return count ? sum / count : (double)NAN;
}

static double mean_line(const struct world *w)
{
    double lines[3];

    if (!isnan(held(w, Q_VLL_AVG)))
        return held(w, Q_VLL_AVG);
    three(w, Q_V_AB, lines);
    return mean_given(lines);
}

/* Voltages to the neutral. */
static void solve_volts(struct world *w, struct world_row *to)
{
    const bool split = w->demo.system_type == 12;
    double line = mean_line(w), nominal = w->demo.volts_ll / (split ? 2 : ROOT3);

    three(w, Q_V_AN, to->volts);
    w->sources.volts = "each phase";
    if (all_given(to->volts, phases_of(w)))
        return;
    double each = held(w, Q_VLN_AVG);
    w->sources.volts = "the mean to neutral";
    if (isnan(each)) {
        each = mean_given(to->volts);
        w->sources.volts = "the phases that are there";
    }
    if (isnan(each)) {
        each = line / (split ? 2 : ROOT3);
        w->sources.volts = "the voltages between lines";
    }
    if (isnan(each)) {
        each = nominal;
        w->sources.volts = "--volts, all the time";
    }
    for (int k = 0; k < 3; k++)
        if (isnan(to->volts[k]))
            to->volts[k] = each;
}

/* Between the lines A-B, B-C, C-A. */
static void solve_lines(struct world *w, struct world_row *to)
{
    double line = mean_line(w), neutral = held(w, Q_VLN_AVG) * ROOT3;
    double each = isnan(line) ? neutral : line;

    to->lines = true;
    three(w, Q_V_AB, to->volts); /* in the table: AB, BC, AC */
    w->sources.volts = all_given(to->volts, 7) ? "each pair of lines"
                       : !isnan(each)          ? "the mean voltage"
                                               : "--volts, all the time";
    for (int k = 0; k < 3; k++)
        if (isnan(to->volts[k]))
            to->volts[k] = isnan(each) ? w->demo.volts_ll : each;
}

/* What drives the current of a phase. */
static double phase_volts(const struct world *w, const struct world_row *row, int k)
{
    if (w->demo.system_type == 11)
        return row->volts[AB];
    return row->lines ? row->volts[k] / ROOT3 : row->volts[k];
}

/* Mean kW of a row by what the counter rises in it. */
static double energy_kw(const struct world *w, int row, int quantity)
{
    const struct history *h = w->h;
    const int column = history_find(h, quantity);
    int from = h->ends ? row - 1 : row;

    if (from + 1 >= h->rows)
        from = h->rows - 2;
    if (from < 0)
        from = 0;
    const int64_t ms = h->ends ? h->row[from + 1].to_ms - h->row[from].to_ms
                               : h->row[from + 1].at_ms - h->row[from].at_ms;
    double rise = history_value(h, from + 1, column) - history_value(h, from, column);
    return rise < 0 && quantity != Q_KWH_NET ? 0 : rise * 3.6e6 / (double)ms;
}

static double total_kw(struct world *w, int row)
{
    double kw = held(w, Q_KW_TOTAL);

    w->sources.active = "the total kW";
    if (!isnan(kw))
        return kw;
    w->sources.active = "the energies";
    if (history_find(w->h, Q_KWH_NET) >= 0)
        return energy_kw(w, row, Q_KWH_NET);
    double in = energy_kw(w, row, Q_KWH_IMPORT), out = energy_kw(w, row, Q_KWH_EXPORT);
    return isnan(in) && isnan(out) ? (double)NAN
                                   : (isnan(in) ? 0 : in) - (isnan(out) ? 0 : out);
}

/* VA of each phase by V and I, in kVA; NaN where there is no current. */
static void apparent(const struct world *w, const struct world_row *row, double s[3])
{
    double mean = held(w, Q_I_AVG);

    for (int k = 0; k < 3; k++) {
        double amps = held(w, Q_I_A + k);
        s[k] = phase_volts(w, row, k) * (isnan(amps) ? mean : amps) / 1000;
        if (isnan(s[k]))
            s[k] = held(w, Q_KVA_A + k);
    }
}

/* The shares of the phases in a total. */
static void shares(unsigned phases, const double s[3], double share[3])
{
    double sum = 0;
    const bool given = all_given(s, phases);

    for (int k = 0; k < 3; k++)
        sum += phases >> k & 1 ? given ? s[k] : 1 : 0;
    for (int k = 0; k < 3; k++)
        share[k] = !(phases >> k & 1) ? 0
                   : sum > 0          ? (given ? s[k] : 1) / sum
                                      : 1.0 / __builtin_popcount(phases);
}

static double factor(const struct world *w, int k)
{
    double pf = held(w, Q_PF_A + k);

    pf = isnan(pf) ? held(w, Q_PF_TOTAL) : pf;
    return isnan(pf) ? w->pf : pf;
}

static void solve_active(struct world *w, int row, const double s[3],
                         const double share[3], struct world_row *to)
{
    const unsigned phases = phases_of(w);
    double total;

    three(w, Q_KW_A, to->kw);
    w->sources.active = "each phase";
    if (all_given(to->kw, phases))
        return;
    total = total_kw(w, row);
    if (isnan(total))
        w->sources.active = "V, I and the power factor";
    for (int k = 0; k < 3; k++)
        to->kw[k] = !isnan(total) ? total * share[k] : s[k] * factor(w, k);
}

/* A reactive power whose sign nothing says is inductive. */
static double reactive(double kw, double kva)
{
    return kva > fabs(kw) ? sqrt(kva * kva - kw * kw) : 0;
}

static void solve_reactive(struct world *w, const double s[3], const double share[3],
                           struct world_row *to)
{
    const unsigned phases = phases_of(w);
    double total = held(w, Q_KVAR_TOTAL), kva = held(w, Q_KVA_TOTAL);

    three(w, Q_KVAR_A, to->kvar);
    w->sources.reactive = "each phase";
    if (all_given(to->kvar, phases))
        return;
    const bool apparent_given = all_given(s, phases);
    w->sources.reactive = !isnan(total)    ? "the total kvar"
                          : apparent_given ? "V, I and kW, as lagging"
                          : !isnan(kva)    ? "kVA and kW, as lagging"
                                           : "the power factor, as lagging";
    for (int k = 0; k < 3; k++) {
        double pf = fabs(factor(w, k));
        if (!isnan(total))
            to->kvar[k] = total * share[k];
        else if (apparent_given)
            to->kvar[k] = reactive(to->kw[k], s[k]);
        else if (!isnan(kva))
            to->kvar[k] = reactive(to->kw[k], kva * share[k]);
        else
            to->kvar[k] = pf > 1e-3 ? reactive(to->kw[k], fabs(to->kw[k]) / pf) : 0;
    }
}

/* A current that is above what P and Q need flows as a harmonic. */
static void solve_distortion(struct world *w, const double s[3], struct world_row *to)
{
    for (int k = 0; k < 3; k++) {
        const double plain = hypot(to->kw[k], to->kvar[k]);
        if (isnan(s[k]) || !(plain > 0) || s[k] <= plain * DISTORTED)
            continue;
        to->distortion[k] =
            fmin(100 * sqrt(s[k] * s[k] / plain / plain - 1), PERCENT_AT_MOST);
        w->sources.distorted = true;
    }
}

void world_solve(struct world *w, int row, struct world_row *to)
{
    double s[3], share[3];
    const unsigned phases = phases_of(w);

    hold(w, row);
    *to = (struct world_row){ .hz = held(w, Q_FREQ) };
    if (isnan(to->hz) || to->hz < WAVEFORM_HZ_MIN)
        to->hz = w->demo.hz;
    if (w->demo.system_type == 31 || w->demo.system_type == 11)
        solve_lines(w, to);
    else
        solve_volts(w, to);
    apparent(w, to, s);
    shares(phases, s, share);
    solve_active(w, row, s, share, to);
    solve_reactive(w, s, share, to);
    for (int k = 0; k < 3; k++)
        if (!(phases >> k & 1) || isnan(to->kw[k]) || phase_volts(w, to, k) < 1)
            to->kw[k] = to->kvar[k] = 0;
    if (!to->lines)
        solve_distortion(w, s, to);
}

void world_mix(const struct world_row *a, const struct world_row *b, double share,
               struct world_row *to)
{
    *to = *a;
    to->hz += share * (b->hz - a->hz);
    for (int k = 0; k < 3; k++) {
        to->volts[k] += share * (b->volts[k] - a->volts[k]);
        to->kw[k] += share * (b->kw[k] - a->kw[k]);
        to->kvar[k] += share * (b->kvar[k] - a->kvar[k]);
        to->distortion[k] += share * (b->distortion[k] - a->distortion[k]);
    }
}
