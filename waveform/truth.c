/* What an ideal meter reads. Active power by elements (Blondel); reactive power of the
 * fundamental, + for inductive import (IEC 62053-24); total apparent power as the
 * vector sum of P, Q and D, which equals a phase's S when one phase is loaded. */
#include "waveform/truth.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <string.h>

/* The voltage of each element as a combination of Va, Vb, Vc. Against the star point of
 * three wires: less the mean of the three. */
struct wiring {
    int elements, line_voltages;
    double v[WAVEFORM_PHASES][WAVEFORM_PHASES];
};

static const struct wiring WIRING[] = {
    [WAVEFORM_AN] = { 1, 0, { { 1 } } },
    [WAVEFORM_AB] = { 1, 1, { { 1, -1 } } },
    [WAVEFORM_ABN] = { 2, 1, { { 1 }, { 0, 1 } } },
    [WAVEFORM_DELTA] = { 3,
                         3,
                         { { 2 / 3.0, -1 / 3.0, -1 / 3.0 },
                           { -1 / 3.0, 2 / 3.0, -1 / 3.0 },
                           { -1 / 3.0, -1 / 3.0, 2 / 3.0 } } },
    [WAVEFORM_WYE] = { 3, 3, { { 1 }, { 0, 1 }, { 0, 0, 1 } } },
};

static double element_voltage(const struct wiring *wiring, int element, const double *x)
{
    const double *v = wiring->v[element];
    return v[0] * x[WAVEFORM_VA] + v[1] * x[WAVEFORM_VB] + v[2] * x[WAVEFORM_VC];
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
    const struct wiring *w = &WIRING[wiring];
    if (line->order == 0)
        return;
    for (int k = 0; k < w->elements; k++) {
        double v_re = element_voltage(w, k, line->re), i_re = line->re[WAVEFORM_IA + k];
        double v_im = element_voltage(w, k, line->im), i_im = line->im[WAVEFORM_IA + k];
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
    for (int k = 0; k < w->line_voltages; k++)
        sums->vll2[k] +=
            square(line_voltage(k, line->re)) + square(line_voltage(k, line->im));
}

void truth_add_product(double p[WAVEFORM_PHASES], double q[WAVEFORM_PHASES],
                       enum waveform_wiring wiring, const struct waveform_line *v,
                       const struct waveform_line *i)
{
    const struct wiring *w = &WIRING[wiring];
    for (int k = 0; v->order != 0 && k < w->elements; k++) {
        double v_re = element_voltage(w, k, v->re), i_re = i->re[WAVEFORM_IA + k];
        double v_im = element_voltage(w, k, v->im), i_im = i->im[WAVEFORM_IA + k];
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
    const struct wiring *w = &WIRING[wiring];
    double re = SQRT2 * weight * sine;
    double im = SQRT2 * weight * cosine;
    for (int k = 0; k < w->elements; k++) {
        double v = element_voltage(w, k, x), i = x[WAVEFORM_IA + k];
        sums->v2[k] += weight * v * v;
        sums->i2[k] += weight * i * i;
        sums->p[k] += weight * v * i;
        sums->v_re[k] += re * v;
        sums->v_im[k] += im * v;
        sums->i_re[k] += re * i;
        sums->i_im[k] += im * i;
    }
    for (int k = 0; k < w->line_voltages; k++)
        sums->vll2[k] += weight * square(line_voltage(k, x));
}

static double power_factor(double p, double s)
{
    return s > 0 ? p / s : 1;
}

void truth_from_sums(const struct truth_sums *sums, enum waveform_wiring wiring,
                     double hz, struct waveform_truth *truth)
{
    const struct wiring *w = &WIRING[wiring];
    double d_total = 0;
    memset(truth, 0, sizeof *truth);
    truth->hz = hz;
    for (int k = 0; k < w->elements; k++) {
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
    for (int k = 0; k < w->line_voltages; k++)
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
