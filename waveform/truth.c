/* What an ideal meter reads. Active power by elements (Blondel); reactive power of the
 * fundamental, + for inductive import (IEC 62053-24); total apparent power as the
 * vector sum of P, Q and D, which equals a phase's S when one phase is loaded. */
#include "waveform/truth.h"
#include "waveform/base/constants.h"
#include "waveform/kernels.h"
#include <math.h>
#include <string.h>

/* The voltage that an element's current is multiplied by: against N where it is wired,
 * between two conductors, or against the star point of three, their mean. */
static double element_voltage(enum waveform_wiring wiring, int element, const double *x)
{
    const double *v = x + WAVEFORM_VA;
    if (wiring_table[wiring].neutral)
        return v[wiring_first(wiring) + element];
    return wiring == WAVEFORM_AB ? v[0] - v[1] : v[element] - (v[0] + v[1] + v[2]) / 3;
}

static double element_current(enum waveform_wiring wiring, int element, const double *x)
{
    return x[WAVEFORM_IA + wiring_first(wiring) + element];
}

/* Pairs of conductors that the meter sees both of. */
static int line_voltages(enum waveform_wiring wiring)
{
    static const int PAIRS[] = { 0, 0, 1, 3 };
    return PAIRS[wiring_count(wiring)];
}

static double line_voltage(int pair, const double *x)
{
    return x[WAVEFORM_VA + pair] - x[WAVEFORM_VA + (pair + 1) % WAVEFORM_PHASES];
}

static double square(double x)
{
    return x * x;
}

void truth_add_line(struct truth_sums *sums, enum waveform_wiring wiring,
                    const struct waveform_line *line)
{
    if (line->order == 0)
        return;
    for (int k = 0; k < wiring_table[wiring].elements; k++) {
        double v_re = element_voltage(wiring, k, line->re),
               i_re = element_current(wiring, k, line->re);
        double v_im = element_voltage(wiring, k, line->im),
               i_im = element_current(wiring, k, line->im);
        sums->v2[k] += square(v_re) + square(v_im);
        sums->i2[k] += square(i_re) + square(i_im);
        sums->p[k] += v_re * i_re + v_im * i_im;
        if (line->order == 1) {
            sums->v_re[k] = v_re;
            sums->v_im[k] = v_im;
            sums->i_re[k] = i_re;
            sums->i_im[k] = i_im;
        }
    }
    for (int k = 0; k < line_voltages(wiring); k++)
        sums->vll2[k] +=
            square(line_voltage(k, line->re)) + square(line_voltage(k, line->im));
}

void truth_add_product(double p[WAVEFORM_PHASES], double q[WAVEFORM_PHASES],
                       enum waveform_wiring wiring, const struct waveform_line *v,
                       const struct waveform_line *i)
{
    for (int k = 0; v->order != 0 && k < wiring_table[wiring].elements; k++) {
        double v_re = element_voltage(wiring, k, v->re),
               i_re = element_current(wiring, k, i->re);
        double v_im = element_voltage(wiring, k, v->im),
               i_im = element_current(wiring, k, i->im);
        p[k] += v_re * i_re + v_im * i_im;
        if (v->order == 1)
            q[k] += v_im * i_re - v_re * i_im;
    }
}

/* √2 turns a correlation with sin or cos into an rms value. */
void truth_add_sample(struct truth_sums *sums, enum waveform_wiring wiring,
                      const double x[WAVEFORM_CHANNELS], double sine, double cosine,
                      double weight)
{
    double re = SQRT2 * weight * sine;
    double im = SQRT2 * weight * cosine;
    for (int k = 0; k < wiring_table[wiring].elements; k++) {
        double v = element_voltage(wiring, k, x), i = element_current(wiring, k, x);
        sums->v2[k] += weight * v * v;
        sums->i2[k] += weight * i * i;
        sums->p[k] += weight * v * i;
        sums->v_re[k] += re * v;
        sums->v_im[k] += im * v;
        sums->i_re[k] += re * i;
        sums->i_im[k] += im * i;
    }
    for (int k = 0; k < line_voltages(wiring); k++)
        sums->vll2[k] += weight * square(line_voltage(k, x));
}

static void element_voltages(enum waveform_wiring wiring, int element, int n,
                             const double x[][WAVEFORM_BLOCK], double v[WAVEFORM_BLOCK])
{
    if (wiring == WAVEFORM_AB)
        for (int k = 0; k < n; k++)
            v[k] = x[0][k] - x[1][k];
    else
        for (int k = 0; k < n; k++)
            v[k] = x[element][k] - (x[0][k] + x[1][k] + x[2][k]) / 3;
}

/* Where no conductor or element is. */
static const double nothing[WAVEFORM_BLOCK];

/* Voltages that no channel holds are made in `made`. */
static void find_elements(struct kernel_elements *e, enum waveform_wiring wiring, int n,
                          const double x[][WAVEFORM_BLOCK],
                          double made[][WAVEFORM_BLOCK])
{
    const int elements = wiring_table[wiring].elements, first = wiring_first(wiring);

    for (int k = 0; k < WAVEFORM_PHASES; k++)
        e->v[k] = e->i[k] = e->vll[k] = nothing;
    for (int k = 0; k < elements; k++) {
        e->i[k] = x[WAVEFORM_IA + first + k];
        e->v[k] = wiring_table[wiring].neutral ? x[first + k] : made[k];
        if (!wiring_table[wiring].neutral)
            element_voltages(wiring, k, n, x, made[k]);
    }
    for (int pair = 0; pair < line_voltages(wiring); pair++) {
        double *vll = made[WAVEFORM_PHASES + pair];
        for (int k = 0; k < n; k++)
            vll[k] = x[pair][k] - x[(pair + 1) % WAVEFORM_PHASES][k];
        e->vll[pair] = vll;
    }
}

/* The rows of kernel_truth. */
static void exchange(struct truth_sums *s, double sum[KERNEL_SUMS][KERNEL_ELEMENTS],
                     bool back)
{
    double *row[KERNEL_SUMS] = { s->v2,   s->i2,   s->v_re, s->i_re,
                                 s->v_im, s->i_im, s->p,    s->vll2 };
    for (int k = 0; k < KERNEL_SUMS; k++)
        for (int n = 0; n < WAVEFORM_PHASES; n++)
            *(back ? &row[k][n] : &sum[k][n]) = back ? sum[k][n] : row[k][n];
}

void truth_add_samples(struct truth_sums *sums, enum waveform_wiring wiring, int n,
                       const struct truth_samples *samples)
{
    double sum[KERNEL_SUMS][KERNEL_ELEMENTS] = { { 0 } };
    double made[2 * WAVEFORM_PHASES][WAVEFORM_BLOCK];
    struct kernel_elements e = { .weight = samples->weight,
                                 .sine = samples->sine,
                                 .cosine = samples->cosine };

    find_elements(&e, wiring, n, samples->x, made);
    exchange(sums, sum, false);
    kernel_truth(&e, n, sum);
    exchange(sums, sum, true);
}

static double power_factor(double p, double s)
{
    return s > 0 ? p / s : 1;
}

void truth_from_sums(const struct truth_sums *sums, enum waveform_wiring wiring,
                     double hz, struct waveform_truth *truth)
{
    double d_total = 0;
    memset(truth, 0, sizeof *truth);
    truth->hz = hz;
    for (int k = 0; k < wiring_table[wiring].elements; k++) {
        double p = sums->p[k];
        double q = sums->v_im[k] * sums->i_re[k] - sums->v_re[k] * sums->i_im[k];
        truth->v[k] = sqrt(sums->v2[k]);
        truth->i[k] = sqrt(sums->i2[k]);
        truth->p[k] = p;
        truth->q[k] = q;
        truth->s[k] = truth->v[k] * truth->i[k];
        truth->pf[k] = power_factor(p, truth->s[k]);
        truth->p_total += p;
        truth->q_total += q;
        d_total += sqrt(fmax(0, square(truth->s[k]) - square(p) - square(q)));
    }
    for (int k = 0; k < line_voltages(wiring); k++)
        truth->vll[k] = sqrt(sums->vll2[k]);
    truth->s_total =
        sqrt(square(truth->p_total) + square(truth->q_total) + square(d_total));
    truth->pf_total = power_factor(truth->p_total, truth->s_total);
}

static void add_by_sign(double *import, double *export, double wh)
{
    if (wh >= 0)
        *import += wh;
    else
        *export -= wh;
}

void truth_add_energy(struct truth_energy *energy, const struct waveform_truth *power,
                      double seconds)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        add_by_sign(&energy->wh_import[k], &energy->wh_export[k],
                    power->p[k] * seconds / 3600);
    add_by_sign(&energy->wh_import_total, &energy->wh_export_total,
                power->p_total * seconds / 3600);
    energy->varh_total += power->q_total * seconds / 3600;
}

void truth_set_energy(struct waveform_truth *truth, const struct truth_energy *energy)
{
    memcpy(truth->wh_import, energy->wh_import, sizeof truth->wh_import);
    memcpy(truth->wh_export, energy->wh_export, sizeof truth->wh_export);
    truth->wh_import_total = energy->wh_import_total;
    truth->wh_export_total = energy->wh_export_total;
    truth->varh_total = energy->varh_total;
}
