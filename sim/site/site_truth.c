/* The truth of a meter's world by quantities. See site_truth.h. */
#include "sim/site/site_truth.h"

static void set(struct site_truth *t, enum quantity q, double value)
{
    t->given[q] = true;
    t->value[q] = value;
}

static void set_phases(struct site_truth *t, enum quantity first,
                       const double values[3], double divide)
{
    for (int k = 0; k < 3; k++)
        set(t, (enum quantity)(first + k), values[k] / divide);
}

/* Means of what the wiring has. */
static void set_means(struct site_truth *out, enum waveform_wiring wiring,
                      const struct waveform_truth *t)
{
    const int n = wiring_table[wiring].elements, lines = n == 3 ? 3 : 1;
    double v = 0, vll = 0, i = 0;

    for (int k = 0; k < n; k++) {
        v += t->v[k] / n;
        i += t->i[k] / n;
    }
    for (int k = 0; k < lines; k++)
        vll += t->vll[k] / lines;
    set(out, Q_I_AVG, i);
    if (wiring_count(wiring) > 1)
        set(out, Q_VLL_AVG, vll);
    if (wiring_table[wiring].neutral)
        set(out, Q_VLN_AVG, v);
}

void site_truth(const struct site_meter *m, struct site_truth *out)
{
    static const enum quantity ll[3] = { Q_V_AB, Q_V_BC, Q_V_AC };
    struct waveform_truth t;

    *out = (struct site_truth){ .given = { false } };
    waveform_truth(m->unit->world, &t);
    set(out, Q_FREQ, t.hz);
    for (int k = 0; k < 3; k++)
        set(out, ll[k], t.vll[k]);
    set_means(out, m->unit->sensors.wiring, &t);
    set_phases(out, Q_V_AN, t.v, 1);
    set_phases(out, Q_I_A, t.i, 1);
    set_phases(out, Q_KW_A, t.p, 1000);
    set_phases(out, Q_KVAR_A, t.q, 1000);
    set_phases(out, Q_KVA_A, t.s, 1000);
    set_phases(out, Q_PF_A, t.pf, 1);
    set(out, Q_KW_TOTAL, t.p_total / 1000);
    set(out, Q_KVAR_TOTAL, t.q_total / 1000);
    set(out, Q_KVA_TOTAL, t.s_total / 1000);
    set(out, Q_PF_TOTAL, t.pf_total);
    set_phases(out, Q_KWH_IMPORT_A, t.wh_import, 1000);
    set_phases(out, Q_KWH_EXPORT_A, t.wh_export, 1000);
    set(out, Q_KWH_IMPORT, t.wh_import_total / 1000);
    set(out, Q_KWH_EXPORT, t.wh_export_total / 1000);
    set(out, Q_KWH_NET, (t.wh_import_total - t.wh_export_total) / 1000);
    out->kvarh_net = t.varh_total / 1000;
}
