/* Scenarios of logs. See write.h. */
#include "sim/history/write.h"
#include <math.h>

static void append_three(GString *out, const double x[3])
{
    for (int k = 0; k < 3; k++)
        g_string_append_printf(out, ", %.7g", x[k]);
}

static void append_row(GString *out, const struct history_row *row,
                       const struct world_row *w)
{
    g_string_append_printf(out, "    { %.10g, %.6g",
                           (double)(row->to_ms - row->at_ms) / 1000, w->hz);
    append_three(out, w->volts);
    append_three(out, w->kw);
    append_three(out, w->kvar);
    g_string_append(out, " },\n");
}

static void append_loop(GString *out, int system_type)
{
    const bool lines = system_type == 31;

    g_string_append(out, "for _, r in ipairs(rows) do\n");
    if (lines)
        g_string_append(out, "    local kw, kvar = r[6] + r[7] + r[8], r[9] + r[10] + "
                             "r[11]\n"
                             "    local mean = (r[3] + r[4] + r[5]) / 3\n"
                             "    grid { hz = r[2], volts_ll = mean }\n");
    else if (system_type == 11)
        g_string_append(out, "    local kw, kvar = r[6], r[9]\n"
                             "    grid { hz = r[2], volts_ll = r[3] }\n");
    else
        g_string_append(out, "    grid { hz = r[2], volts = { r[3], r[4], r[5] } }\n");
    g_string_append(out, lines || system_type == 11
                             ? "    load { kw = kw, kvar = kvar }\n"
                             : "    load { kw = { r[6], r[7], r[8] }, kvar = { r[9], "
                               "r[10], r[11] } }\n");
    g_string_append(out, "    wait(r[1])\nend\nwait \"50 ms\"\n");
}

static void append_end(GString *out, const char *name, double kwh)
{
    if (kwh > 0.1)
        g_string_append_printf(out, "expect(m.%s, near(%.4f, \"0.1 %%\"))\n", name,
                               kwh);
}

GString *write_scenario(const struct history *h, const struct demo *d, double pf,
                        const struct write_end *end)
{
    GString *out = g_string_new("-- In the field: what a meter makes of a log.\n");
    g_autofree char *from = history_time_text(h, history_begin_ms(h));
    struct world w;

    g_string_append_printf(
        out,
        "-- %d rows from %s on, by metersim history.\n"
        "local m = meter { model = \"%s\", system_type = %d, ct_primary = %.0f, "
        "pt_ratio = %.2f, system_voltage = %.0f }\n"
        "-- seconds, Hz; volts, kW and kvar of A, B and C\nlocal rows = {\n",
        h->rows, from, d->model->name, d->system_type, d->ct_primary_a, d->pt_ratio,
        d->volts_ll);
    world_init(&w, h, d, pf);
    for (int row = 0; row < h->rows; row++) {
        struct world_row made;
        world_solve(&w, row, &made);
        append_row(out, &h->row[row], &made);
    }
    world_clear(&w);
    g_string_append(out, "}\n");
    append_loop(out, d->system_type);
    append_end(out, "kwh_import", end->kwh_import);
    append_end(out, "kwh_export", end->kwh_export);
    return out;
}
