/* An answer as a scenario: the healthy site, its fault, and what the meter must read. */
#include "sim/diagnose/diagnosis_lua.h"
#include "waveform/waveform.h"
#include <math.h>

#define DEGREES (180 / G_PI)

static void add_meter(const struct observation *o, const struct supply *supply,
                      GString *to)
{
    g_string_append_printf(to,
                           "local m = meter {\n    model = \"%s\",\n"
                           "    system_type = %d,\n    ct_primary = %g,\n",
                           o->model->name, o->type->number, o->ct_primary);
    if (!o->model->unidirectional)
        g_string_append_printf(to, "    ct_output = \"%s\",\n",
                               o->ct_secondary == 3 ? "1/3 V" : "1 V");
    if (o->type->element == ELEMENT_STAR && supply_has_neutral(supply))
        g_string_append(to, "    wiring = \"wye\",\n");
    g_string_append_printf(to, "    pt_ratio = %g,\n    system_voltage = %g,\n}\n",
                           o->pt_ratio, o->nominal_v);
}

static void add_three(const char *name, const double value[3], GString *to)
{
    g_string_append_printf(to, "    %s = { %.6f, %.6f, %.6f },\n", name, value[0] + 0.0,
                           value[1] + 0.0, value[2] + 0.0);
}

static void add_harmonics(const struct world *w, GString *to)
{
    static const char *const names[] = { "a", "b", "c" };
    bool any = false;

    for (int k = 0; k < 3; k++) {
        if (w->fifth_percent[k] <= 0)
            continue;
        g_string_append_printf(to, "%s%s = { { 5, %.6f, 0 } }",
                               any ? ", " : "    harmonics = { ", names[k],
                               w->fifth_percent[k]);
        any = true;
    }
    if (any)
        g_string_append(to, " }, -- the real orders are not known\n");
}

static void add_grid(const struct world *w, double hz, const struct supply *supply,
                     GString *to)
{
    double complex source[3];
    double volts[3], degrees[3];

    world_source(w, supply, source);
    for (int k = 0; k < 3; k++) {
        volts[k] = cabs(source[k]);
        degrees[k] = volts[k] > 0 ? DEGREES * carg(source[k]) : 0;
    }
    g_string_append(to, "grid {\n");
    if (hz >= WAVEFORM_HZ_MIN && hz <= WAVEFORM_HZ_MAX)
        g_string_append_printf(to, "    hz = %.4f,\n", hz);
    add_three("volts", volts, to);
    add_three("degrees", degrees, to);
    g_string_append(to, "}\n");
}

static void add_currents(const struct observation *o, const struct world *w,
                         GString *to)
{
    double amps[3], lag[3];

    for (int k = 0; k < 3; k++) {
        amps[k] = cabs(w->amps[k]);
        lag[k] = world_lag_deg(w, o, k);
    }
    g_string_append(to, "load {\n");
    add_three("amps", amps, to);
    add_three("lag_degrees", lag, to);
    add_harmonics(w, to);
    g_string_append(to, "}\n");
}

/* Where the neutral floats, loads that follow the voltage. */
static void add_impedances(const struct observation *o, const struct world *w,
                           GString *to)
{
    g_string_append(to, "clear_loads()\n");
    for (int k = 0; k < observation_phases(o); k++) {
        const double lag = world_lag_deg(w, o, k);
        if (cabs(w->amps[k]) > 0)
            g_string_append_printf(
                to,
                "add_load(\"impedance\", { phases = \"%c\", amps = %.6f, volts = "
                "%.6f, pf = \"%.8f%s\", connection = \"wye\" })\n",
                'A' + k, cabs(w->amps[k]), cabs(w->volts[k]), cos(lag / DEGREES),
                lag < 0 ? " lead" : "");
    }
}

static void add_causes(const struct hypothesis *h, const struct observation *o,
                       bool supply, GString *to)
{
    for (int c = 0; c < 2 && h->cause[c]; c++) {
        const enum supply_kind kind = h->cause[c]->supply.kind;
        if (supply != (kind != SUPPLY_SOUND) ||
            (supply && supply_fault(kind) == FAULTS)) /* the grid itself is it */
            continue;
        cause_lua(h->cause[c], o, to);
        g_string_append_c(to, '\n');
    }
}

static void expect(int q, double value, double unit, double share, double least,
                   GString *to)
{
    if (isnan(value))
        return;
    g_string_append_printf(to, "expect(m.%s, near(%.7g, %.3g))\n",
                           quantity_table[q].name, value / unit,
                           share * fmax(fabs(value), least) / unit);
}

/* Within the limits of the proof. */
static void add_expectations(const struct observation *o,
                             const struct observation_dump *d, GString *to)
{
    const double volts = 0.01 * o->nominal_v, amps = 0.01 * o->ct_primary;

    for (int k = 0; k < 3; k++) {
        expect(Q_V_AN + k, d->v[k], 1, PROOF_VOLTS, volts, to);
        expect(Q_V_AB + k, d->vll[k], 1, PROOF_VOLTS, volts, to);
    }
    for (int k = 0; k < observation_phases(o); k++) {
        const double va = fmax(hypot(d->p[k], d->q[k]), volts * amps);
        expect(Q_I_A + k, d->i[k], 1, PROOF_AMPS, amps, to);
        if (proof_tells_no_angle(o, d, k))
            continue;
        expect(Q_KW_A + k, d->p[k], 1000, PROOF_POWER, va, to);
        if (!d->q_size_only[k])
            expect(Q_KVAR_A + k, d->q[k], 1000, PROOF_POWER, va, to);
    }
}

/* Errors of CTs that were fitted, where the cause has none of its own. */
static void add_cts(const struct proof *p, const struct hypothesis *h, GString *to)
{
    struct faults faults;

    hypothesis_faults(h, &faults);
    for (int k = 0; k < 3 && p->cts_fitted; k++)
        if (faults.value[FAULT_CT_PHASE_ERROR][k] == 0)
            g_string_append_printf(
                to,
                "fault(m, \"ct_ratio_error\", \"%c\", %.4f) fault(m, "
                "\"ct_phase_error\", \"%c\", %.3f)\n",
                'A' + k, p->ct_percent[k], 'A' + k, p->ct_minutes[k]);
}

/* A lost phase, as the loads of this dump hold it. */
static void add_loss(const struct supply *supply, const struct observation *o, int dump,
                     GString *to)
{
    struct supply held = *supply;

    proof_fit_dump(&held, o, &o->dump[dump]);
    if (dump > 0 && supply->kind == SUPPLY_FLOATING)
        g_string_append(to, "clear_loads()\n");
    supply_lua(&held, o, to);
    g_string_append_c(to, '\n');
}

void diagnosis_lua(const struct diagnosis *d, int n, GString *to)
{
    const struct answer *a = &d->ranking.answer[n];
    char id[HYPOTHESIS_ID];

    hypothesis_id(a->hypothesis, id);
    g_string_append_printf(to,
                           "-- What metersim diagnose says of %s: %s (%.1f %%).\n"
                           "-- The loads behind it give the readings; what is not "
                           "seen is assumed.\n",
                           d->o->source, id, 100 * a->probability);
    const struct supply *supply = hypothesis_supply(a->hypothesis);
    add_meter(d->o, supply, to);
    add_causes(a->hypothesis, d->o, false, to);
    add_cts(&d->proof[n], a->hypothesis, to);
    for (int k = 0; k < d->o->count; k++) {
        const struct observation_dump *dump = &d->o->dump[k];
        const struct world *w = &d->proof[n].worlds[k];
        g_string_append_printf(to, "\n-- Dump %d.\n", k + 1);
        add_grid(w, dump->hz, supply, to);
        if (supply_loses(supply))
            add_loss(supply, d->o, k, to);
        else if (k == 0)
            add_causes(a->hypothesis, d->o, true, to);
        if (supply->kind == SUPPLY_NEUTRAL_LOST)
            add_impedances(d->o, w, to);
        else
            add_currents(d->o, w, to);
        g_string_append(to, "wait \"3 s\"\n");
        add_expectations(d->o, dump, to);
    }
}
