/* Energy of a piece in motion: with power P_ab of layer a's voltage and b's current,
 * the power of the moment is Σ g_a·g_b·P_ab, and its integral over the piece is found
 * by Gauss's rule of eight points, on intervals halved until nothing changes; so
 * corners (a law's floor, power that turns round) are found as finely as numbers go. */
#include "waveform/motion.h"
#include <math.h>
#include <string.h>

enum { POINTS = 8, DEPTH = 40, HALVINGS = 2000 };

/* Import and export of the phases and of the total, reactive energy, and the sum of all
 * terms without their signs: what rounding is to be measured by. */
enum { IMPORT, EXPORT = 3, IMPORT_TOTAL = 6, EXPORT_TOTAL, REACTIVE, SIZE, INTEGRALS };

static const double POSITION[POINTS] = {
    -0.96028985649753623168, -0.79666647741362673959, -0.52553240991632898582,
    -0.18343464249564980494, 0.18343464249564980494,  0.52553240991632898582,
    0.79666647741362673959,  0.96028985649753623168
};

static const double WEIGHT[POINTS] = { 0.10122853629037625915, 0.22238103445337447054,
                                       0.31370664587788728734, 0.36268378337836198297,
                                       0.36268378337836198297, 0.31370664587788728734,
                                       0.22238103445337447054, 0.10122853629037625915 };

static void add_power(struct motion *m, enum waveform_wiring wiring, int a, int b,
                      const struct waveform_line *v, const struct waveform_line *i)
{
    struct motion_power *power = &m->power[a][b];
    if (v->order == i->order)
        truth_add_product(power->p, power->q, wiring, v, i);
}

/* The row of a layer's voltages; -1: it has none, or none with a power. */
static int row_of(const struct motion *m, int layer)
{
    const struct motion_layer *l = &m->layer[layer];
    return l->source >= 0 && !l->drive ? 1 + l->source : -1;
}

static void find_row(struct motion *m, enum waveform_wiring wiring,
                     const struct lines *lines, int row, const struct waveform_line *v)
{
    for (int k = 0; k < lines->count; k++)
        add_power(m, wiring, row, 0, v, &lines->item[k]);
    for (int k = 0; k < m->lines; k++)
        add_power(m, wiring, row, 1 + m->line[k].layer, v, &m->line[k].line);
}

void motion_find_powers(struct motion *m, enum waveform_wiring wiring,
                        const struct lines *lines)
{
    memset(m->power[0], 0,
           (size_t)(1 + WAVEFORM_PHASES) * (size_t)(1 + m->layer_room) *
               sizeof *m->power[0]);
    for (int k = 0; k < lines->count; k++)
        find_row(m, wiring, lines, 0, &lines->item[k]);
    for (int k = 0; k < m->lines; k++) {
        int row = row_of(m, m->line[k].layer);
        if (row >= 0)
            find_row(m, wiring, lines, row, &m->line[k].line);
    }
}

/* The rows' and the columns' envelopes at t. */
static void find_gains(const struct motion *m, double t, double row[4],
                       double column[1 + MOTION_LAYERS])
{
    column[0] = row[0] = 1;
    row[1] = row[2] = row[3] = 0;
    motion_values(m, t, column + 1);
    for (int n = 0; n < m->layers; n++)
        if (row_of(m, n) >= 0)
            row[row_of(m, n)] = column[1 + n];
}

static void find_integrands(const struct motion *m, double t, double f[INTEGRALS])
{
    double row[4], column[1 + MOTION_LAYERS], p[WAVEFORM_PHASES] = { 0 }, total = 0;
    find_gains(m, t, row, column);
    memset(f, 0, INTEGRALS * sizeof *f);
    for (int a = 0; a < 4; a++)
        for (int b = 0; row[a] != 0 && b <= m->layers; b++)
            for (int k = 0; k < WAVEFORM_PHASES; k++) {
                p[k] += row[a] * column[b] * m->power[a][b].p[k];
                f[REACTIVE] += row[a] * column[b] * m->power[a][b].q[k];
                f[SIZE] += fabs(row[a] * column[b] * m->power[a][b].p[k]) +
                           fabs(row[a] * column[b] * m->power[a][b].q[k]);
            }
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        f[IMPORT + k] = fmax(p[k], 0);
        f[EXPORT + k] = fmax(-p[k], 0);
        total += p[k];
    }
    f[IMPORT_TOTAL] = fmax(total, 0);
    f[EXPORT_TOTAL] = fmax(-total, 0);
}

static void gauss(const struct motion *m, double from, double to, double sum[INTEGRALS])
{
    double middle = (from + to) / 2, half = (to - from) / 2;
    memset(sum, 0, INTEGRALS * sizeof *sum);
    for (int n = 0; n < POINTS; n++) {
        double f[INTEGRALS];
        find_integrands(m, middle + half * POSITION[n], f);
        for (int k = 0; k < INTEGRALS; k++)
            sum[k] += half * WEIGHT[n] * f[k];
    }
}

static double largest(const double x[INTEGRALS])
{
    double max = 0;
    for (int k = 0; k < INTEGRALS; k++)
        max = fmax(max, fabs(x[k]));
    return max;
}

/* The smallest change that matters, and how many halvings there may be: a corner needs
 * some 40, and no piece has many corners. */
struct effort {
    double error;
    int halvings;
};

/* Halves from…to, whose integral by one rule is `whole`, until nothing changes. */
static void halve(const struct motion *m, double from, double to, const double *whole,
                  struct effort *effort, int depth, double sum[INTEGRALS])
{
    double left[INTEGRALS], right[INTEGRALS], change[INTEGRALS];
    double middle = (from + to) / 2;
    gauss(m, from, middle, left);
    gauss(m, middle, to, right);
    for (int k = 0; k < INTEGRALS; k++)
        change[k] = left[k] + right[k] - whole[k];
    if (depth == 0 || largest(change) <= effort->error || effort->halvings-- <= 0) {
        for (int k = 0; k < INTEGRALS; k++)
            sum[k] += left[k] + right[k];
        return;
    }
    halve(m, from, middle, left, effort, depth - 1, sum);
    halve(m, middle, to, right, effort, depth - 1, sum);
}

/* Powers of all pairs with envelopes of 1, without their signs. */
static double power_size(const struct motion *m)
{
    double size = 0;
    for (int a = 0; a <= WAVEFORM_PHASES; a++)
        for (int b = 0; b <= m->layers; b++)
            for (int k = 0; k < WAVEFORM_PHASES; k++)
                size += fabs(m->power[a][b].p[k]) + fabs(m->power[a][b].q[k]);
    return size;
}

void motion_add_energy(const struct motion *m, double from, double to,
                       struct truth_energy *energy)
{
    double whole[INTEGRALS], sum[INTEGRALS] = { 0 }, size = power_size(m) * (to - from);
    if (!(size > 0))
        return;
    gauss(m, from, to, whole);
    struct effort effort = { 1e-13 * fmax(size, whole[SIZE]), HALVINGS };
    halve(m, from, to, whole, &effort, DEPTH, sum);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        energy->wh_import[k] += sum[IMPORT + k] / 3600;
        energy->wh_export[k] += sum[EXPORT + k] / 3600;
    }
    energy->wh_import_total += sum[IMPORT_TOTAL] / 3600;
    energy->wh_export_total += sum[EXPORT_TOTAL] / 3600;
    energy->varh_total += sum[REACTIVE] / 3600;
}
