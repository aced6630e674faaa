/* m:truth(): the exact values of the wave, under the names of the readings and in their
 * units. Energies count from the moment at which the meter was made. */
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"

static void set(lua_State *L, const char *name, double value)
{
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

/* name_a, name_b, name_c */
static void set_phases(lua_State *L, const char *name, const double values[3],
                       double divide)
{
    char field[24];

    for (int k = 0; k < 3; k++) {
        g_snprintf(field, sizeof field, "%s_%c", name, 'a' + k);
        set(L, field, values[k] / divide);
    }
}

static void set_voltages(lua_State *L, const struct waveform_truth *t)
{
    static const char *const ln[3] = { "v_an", "v_bn", "v_cn" };
    static const char *const ll[3] = { "v_ab", "v_bc", "v_ac" };

    for (int k = 0; k < 3; k++) {
        set(L, ln[k], t->v[k]);
        set(L, ll[k], t->vll[k]);
    }
}

/* Means of what the wiring has. */
static void set_means(lua_State *L, enum waveform_wiring wiring,
                      const struct waveform_truth *t)
{
    static const uint8_t phases[] = { [WAVEFORM_AN] = 1,
                                      [WAVEFORM_AB] = 1,
                                      [WAVEFORM_ABN] = 2,
                                      [WAVEFORM_DELTA] = 3,
                                      [WAVEFORM_WYE] = 3 };
    const int n = phases[wiring], lines = n == 3 ? 3 : 1;
    double v = 0, vll = 0, i = 0;

    for (int k = 0; k < n; k++) {
        v += t->v[k] / n;
        i += t->i[k] / n;
    }
    for (int k = 0; k < lines; k++)
        vll += t->vll[k] / lines;
    set(L, "i_avg", i);
    if (wiring != WAVEFORM_AN)
        set(L, "vll_avg", vll);
    if (wiring != WAVEFORM_AB && wiring != WAVEFORM_DELTA)
        set(L, "vln_avg", v);
}

int script_truth(lua_State *L)
{
    struct script_meter *m = script_meter_check(L, 1);
    struct waveform_truth t;

    waveform_truth(m->unit->world, &t);
    lua_createtable(L, 0, 40);
    set(L, "freq", t.hz);
    set_voltages(L, &t);
    set_means(L, m->unit->sensors.wiring, &t);
    set_phases(L, "i", t.i, 1);
    set_phases(L, "kw", t.p, 1000);
    set_phases(L, "kvar", t.q, 1000);
    set_phases(L, "kva", t.s, 1000);
    set_phases(L, "pf", t.pf, 1);
    set(L, "kw_total", t.p_total / 1000);
    set(L, "kvar_total", t.q_total / 1000);
    set(L, "kva_total", t.s_total / 1000);
    set(L, "pf_total", t.pf_total);
    set_phases(L, "kwh_import", t.wh_import, 1000);
    set_phases(L, "kwh_export", t.wh_export, 1000);
    set(L, "kwh_import", t.wh_import_total / 1000);
    set(L, "kwh_export", t.wh_export_total / 1000);
    set(L, "kwh_net", (t.wh_import_total - t.wh_export_total) / 1000);
    set(L, "kvarh_net", t.varh_total / 1000);
    return 1;
}
