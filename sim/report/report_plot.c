/* Plots of a report: the readings of each meter as SVG, and the numbers behind them for
 * the cursor (report.js). A trace is the area between the minimum and the maximum
 * of each piece of time; where there is one value each, a line. */
#include "sim/report/report_plot.h"
#include "sim/field/register_format.h"
#include "sim/report/report_axis.h"
#include "sim/report/report_parts.h"
#include "sim/report/report_text.h"
#include <math.h>
#include <string.h>

enum { HEIGHT = 170, TOP = 14, BOTTOM = 142, BANDS_MAX = 60 };

#define PHASES(first)                                                                  \
    { (first), "A", "a" }, { (enum quantity)((first) + 1), "B", "b" },                 \
    {                                                                                  \
        (enum quantity)((first) + 2), "C", "c"                                         \
    }

const struct report_plot_row report_plot_table[REPORT_PLOTS] = {
    { "Voltage L-N", "V", 3, { PHASES(Q_V_AN) }, false },
    { "Voltage L-L",
      "V",
      3,
      { { Q_V_AB, "AB", "a" }, { Q_V_BC, "BC", "b" }, { Q_V_AC, "CA", "c" } },
      true },
    { "Current", "A", 3, { PHASES(Q_I_A) }, false },
    { "Real power",
      "kW",
      4,
      { PHASES(Q_KW_A), { Q_KW_TOTAL, "total", "total" } },
      false },
    { "Reactive power",
      "kvar",
      4,
      { PHASES(Q_KVAR_A), { Q_KVAR_TOTAL, "total", "total" } },
      false },
    { "Energy",
      "kWh",
      2,
      { { Q_KWH_IMPORT, "import", "import" }, { Q_KWH_EXPORT, "export", "export" } },
      false },
    { "Frequency", "Hz", 1, { { Q_FREQ, "", "total" } }, false },
};

struct axis_y {
    double low, high, end_s;
};

struct curve {
    const struct trace *trace;
    const char *label, *colour;
};

static double y_of(const struct axis_y *s, double value)
{
    return BOTTOM - (BOTTOM - TOP) * (value - s->low) / (s->high - s->low);
}

/* Five percent more than there is; a curve that stands still gets a hundredth. */
static struct axis_y scale_for(const struct curve *curves, int count, double end_s)
{
    double low = INFINITY, high = -INFINITY;

    for (int k = 0; k < count; k++)
        for (int n = 0; n < curves[k].trace->count; n++) {
            low = fmin(low, (double)curves[k].trace->min[n]);
            high = fmax(high, (double)curves[k].trace->max[n]);
        }
    double most = fmax(fabs(low), fabs(high));
    if (low > 0 && low < 0.5 * high)
        low = 0;
    if (high < 0 && high > 0.5 * low)
        high = 0;
    double span = fmax(high - low, fmax(0.002 * most, 1e-6));
    double middle = (low + high) / 2;
    return (struct axis_y){ middle - 0.55 * span, middle + 0.55 * span, end_s };
}

static void append_levels(GString *svg, const struct axis_y *s)
{
    double step = report_axis_step(s->high - s->low, 5);
    int decimals = (int)fmax(0, ceil(-log10(step) - 1e-9));
    char format[8];

    g_snprintf(format, sizeof format, "%%.%df", decimals > 9 ? 9 : decimals);
    for (double level = ceil(s->low / step); level * step <= s->high; level++) {
        double y = y_of(s, level * step);
        g_string_append_printf(svg, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"",
                               AXIS_LEFT, AXIS_RIGHT);
        report_number(svg, y, "%.1f");
        g_string_append(svg, "\" y2=\"");
        report_number(svg, y, "%.1f");
        g_string_append_printf(svg, "\"/><text class=\"tick end\" x=\"%d\" y=\"",
                               AXIS_LEFT - 8);
        report_number(svg, y + 4, "%.1f");
        g_string_append(svg, "\">");
        report_number(svg, level == 0 ? 0 : level * step, format);
        g_string_append(svg, "</text>");
    }
}

static void append_point(GString *svg, const struct axis_y *s, const struct trace *t,
                         int k, double value, char command)
{
    double seconds = ((double)k + (t->length > 1 ? 0.5 : 0)) * (double)t->length;

    g_string_append_c(svg, command);
    report_number(svg, report_axis_x(seconds, s->end_s), "%.1f");
    g_string_append_c(svg, ' ');
    report_number(svg, y_of(s, value), "%.1f");
}

/* Where the values from k on end: a single piece without one is no gap, it comes of
 * rounding to whole seconds. */
static int run_end(const struct trace *t, int k)
{
    while (k < t->count &&
           (!isnan(t->min[k]) || (k + 1 < t->count && !isnan(t->min[k + 1]))))
        k++;
    return k;
}

static void append_run(GString *svg, const struct axis_y *s, const struct trace *t,
                       int from, int to)
{
    char command = 'M';

    for (int k = from; k < to; k++)
        if (!isnan(t->max[k])) {
            append_point(svg, s, t, k, (double)t->max[k], command);
            command = 'L';
        }
    if (to - from == 1)
        g_string_append(svg, "h1.5");
    for (int k = to; t->length > 1 && k-- > from;)
        if (!isnan(t->min[k]))
            append_point(svg, s, t, k, (double)t->min[k], 'L');
    if (t->length > 1)
        g_string_append_c(svg, 'Z');
}

static void append_curve(GString *svg, const struct axis_y *s, const struct curve *c)
{
    const struct trace *t = c->trace;

    g_string_append_printf(svg, "<path class=\"%s %s\" d=\"",
                           t->length > 1 ? "area" : "curve", c->colour);
    for (int k = 0; k < t->count;) {
        int end = run_end(t, k);
        if (end > k)
            append_run(svg, s, t, k, end);
        k = end + 1;
    }
    g_string_append(svg, "\"/>");
}

/* Where faults are, behind the curves. */
static void append_bands(GString *svg, const struct report *r,
                         const struct observed_meter *m, double end_s)
{
    int count = 0;

    for (guint k = 0; k < r->lanes->len; k++) {
        const struct report_lane *lane = g_ptr_array_index(r->lanes, k);
        if (lane->kind != OBSERVED_FAULT || lane->meter != m)
            continue;
        for (guint n = 0; n < lane->spans->len && count < BANDS_MAX; n++, count++) {
            struct report_span span = g_array_index(lane->spans, struct report_span, n);
            double from = report_axis_x((double)span.from_ns / 1e9, end_s);
            double to = report_axis_x((double)span.to_ns / 1e9, end_s);
            g_string_append(svg, "<rect class=\"band\" x=\"");
            report_number(svg, from, "%.1f");
            g_string_append(svg, "\" width=\"");
            report_number(svg, fmax(to - from, 1), "%.1f");
            g_string_append_printf(svg, "\" y=\"%d\" height=\"%d\"/>", TOP,
                                   BOTTOM - TOP);
        }
    }
}

static void append_numbers(GString *html, const char *name, const float *x, int count)
{
    g_string_append_printf(html, "\"%s\":[", name);
    for (int k = 0; k < count; k++) {
        if (k)
            g_string_append_c(html, ',');
        if (isnan(x[k]))
            g_string_append(html, "null");
        else
            report_number(html, (double)x[k], "%.6g");
    }
    g_string_append_c(html, ']');
}

/* For report.js. Numbers only, so nothing in it can end the element. */
static void append_data(GString *html, const struct curve *curves, int count)
{
    g_string_append(html, "<script type=\"application/json\">[");
    for (int k = 0; k < count; k++) {
        const struct trace *t = curves[k].trace;
        g_string_append_printf(html, "%s{\"s\":%" G_GINT64_FORMAT ",", k ? "," : "",
                               (gint64)t->length);
        append_numbers(html, "a", t->min, t->count);
        if (t->length > 1) {
            g_string_append_c(html, ',');
            append_numbers(html, "b", t->max, t->count);
        }
        g_string_append_c(html, '}');
    }
    g_string_append(html, "]</script>");
}

static void append_legend(GString *html, const char *unit, const struct curve *curves,
                          int count)
{
    g_string_append(html, "<figcaption>");
    for (int k = 0; k < count; k++) {
        g_string_append_printf(html, "<span class=\"key %s\"><i></i>",
                               curves[k].colour);
        report_text(html, curves[k].label);
        g_string_append(html, " <b>");
        report_number(html, curves[k].trace->last, "%.6g");
        g_string_append(html, "</b> ");
        report_text(html, unit);
        g_string_append(html, "</span>");
    }
    g_string_append(html, "</figcaption>");
}

static void append_title(GString *html, const char *title, const char *unit,
                         const char *meter)
{
    g_string_append(html, "<text class=\"name\" x=\"4\" y=\"28\">");
    report_text(html, title);
    g_string_append(html, "</text><text class=\"tick\" x=\"4\" y=\"45\">");
    report_text(html, unit);
    g_string_append(html, "</text><text class=\"tick\" x=\"4\" y=\"62\">");
    report_text(html, meter);
    g_string_append(html, "</text>");
}

static void append_plot(GString *html, const struct report *r,
                        const struct report_meter *m, const char *title,
                        const char *unit, const struct curve *curves, int count,
                        double end_s)
{
    bool named = strcmp(curves[0].colour, "register") != 0;
    struct axis_y scale = scale_for(curves, count, end_s);
    const char *name = r->meters->len > 1 ? m->meter->name : "";

    g_string_append(html, "<figure class=\"plot\">");
    append_legend(html, named ? unit : "", curves, count);
    g_string_append_printf(html, "<svg viewBox=\"0 0 %d %d\">", AXIS_WIDTH, HEIGHT);
    append_title(html, title, unit, name);
    append_bands(html, r, m->meter, end_s);
    append_levels(html, &scale);
    report_axis_time(html, end_s, TOP, BOTTOM);
    for (int k = 0; k < count; k++)
        append_curve(html, &scale, &curves[k]);
    g_string_append_printf(html, "<line class=\"cursor\" y1=\"%d\" y2=\"%d\"/></svg>",
                           TOP, BOTTOM);
    append_data(html, curves, count);
    g_string_append(html, "</figure>");
}

static bool has_neutral(const struct report_meter *m)
{
    return m->trace[0][0].any;
}

static void append_row(GString *html, const struct report *r,
                       const struct report_meter *m, int row, double end_s)
{
    const struct report_plot_row *p = &report_plot_table[row];
    struct curve curves[REPORT_TRACES];
    int count = 0;

    for (int k = 0; k < p->traces; k++)
        if (m->trace[row][k].any)
            curves[count++] = (struct curve){ &m->trace[row][k], p->trace[k].label,
                                              p->trace[k].colour };
    if (count && !(p->line_voltage && has_neutral(m)))
        append_plot(html, r, m, p->title, p->unit, curves, count, end_s);
}

static void append_watched(GString *html, const struct report *r,
                           const struct report_meter *m, double end_s)
{
    for (guint k = 0; k < m->watched->len; k++) {
        const struct report_watched *w = g_ptr_array_index(m->watched, k);
        struct curve curve = { &w->trace, w->reg.name, "register" };
        g_autofree char *title = g_strdup_printf("Register %d", w->reg.reg);
        if (w->trace.any)
            append_plot(html, r, m, title, register_formats[w->reg.format].name, &curve,
                        1, end_s);
    }
}

void report_plots(const struct report *r, double end_s, GString *html)
{
    for (guint k = 0; k < r->meters->len; k++) {
        const struct report_meter *m = g_ptr_array_index(r->meters, k);
        for (int row = 0; row < REPORT_PLOTS; row++)
            append_row(html, r, m, row, end_s);
        append_watched(html, r, m, end_s);
    }
}
