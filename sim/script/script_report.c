/* See script_report.h. */
#include "sim/script/script_report.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include <math.h>

enum { METERS_SHOWN = 3 };

void script_report_source(struct script *s, int line, GString *text)
{
    const char *source = source_line(s->source, line);

    if (source)
        g_string_append_printf(text, "  %s", source);
}

static void append_reading(const struct site_meter *m, enum quantity q,
                           const char *unit, int decimals, GString *text)
{
    double x = site_reading(m, q);

    if (isnan(x))
        g_string_append_printf(text, " %12s %-4s", "----", unit);
    else
        g_string_append_printf(text, " %12.*f %-4s", decimals, x, unit);
}

static void append_row(const struct site_meter *m, const char *head,
                       const enum quantity q[5], GString *text)
{
    g_string_append_printf(text, "\n    %-5s", head);
    append_reading(m, q[0], "V", 3, text);
    append_reading(m, q[1], "A", 4, text);
    append_reading(m, q[2], "kW", 5, text);
    append_reading(m, q[3], "kvar", 5, text);
    append_reading(m, q[4], "", 5, text);
    g_string_truncate(text, text->len - 5);
}

static void append_meter(const struct site_meter *m, GString *text)
{
    static const enum quantity rows[4][5] = {
        { Q_V_AN, Q_I_A, Q_KW_A, Q_KVAR_A, Q_PF_A },
        { Q_V_BN, Q_I_B, Q_KW_B, Q_KVAR_B, Q_PF_B },
        { Q_V_CN, Q_I_C, Q_KW_C, Q_KVAR_C, Q_PF_C },
        { Q_VLL_AVG, Q_I_AVG, Q_KW_TOTAL, Q_KVAR_TOTAL, Q_PF_TOTAL },
    };
    static const char *const heads[4] = { "A", "B", "C", "all" };

    g_string_append_printf(text, "\n  %s", m->name);
    if (!m->unit->powered) {
        g_string_append(text, " has no power");
        return;
    }
    g_string_append_printf(text, ", result %u: ", (unsigned)unit_seconds(m->unit));
    double hz = site_reading(m, Q_FREQ);
    if (isnan(hz))
        g_string_append(text, "---- Hz");
    else
        g_string_append_printf(text, "%.4f Hz", hz);
    g_string_append_printf(text, ", import %.6f kWh, alerts 0x%04X",
                           site_reading(m, Q_KWH_IMPORT), unit_alerts(m->unit));
    for (int k = 0; k < 4; k++)
        if (k == 3 || unit_config(m->unit).phases >> k & 1)
            append_row(m, heads[k], rows[k], text);
}

static bool any_concerned(const struct script *s)
{
    for (guint k = 0; k < s->site.meters->len; k++)
        if (site_at(&s->site, k)->read)
            return true;
    return false;
}

void script_report_meters(struct script *s, GString *text)
{
    bool some = any_concerned(s);
    int shown = 0;

    for (guint k = 0; k < s->site.meters->len && shown < METERS_SHOWN; k++) {
        const struct site_meter *m = site_at(&s->site, k);
        if (some && !m->read)
            continue;
        append_meter(m, text);
        shown++;
    }
}

void script_report_failed(struct script *s, int line, GString *text)
{
    script_report_meters(s, text);
    script_set_failed(s, line, text->str);
    g_string_free(text, TRUE);
}
