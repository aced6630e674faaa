/* The timeline of a report: its lanes as SVG, over the same time as the plots. */
#include "sim/report/report_timeline.h"
#include "sim/report/report_axis.h"
#include "sim/report/report_parts.h"
#include "sim/report/report_text.h"
#include <math.h>

enum { TOP = 6, LANE = 20, LABEL_MAX = 24 };

/* From top to bottom; power and contacts that never change say nothing. */
static const enum observed_kind order[] = { OBSERVED_FAILED,  OBSERVED_WORLD,
                                            OBSERVED_FAULT,   OBSERVED_ALERT,
                                            OBSERVED_CONTACT, OBSERVED_POWER,
                                            OBSERVED_PASSED };

static bool says_something(const struct report_lane *l)
{
    const struct report_span *first =
        l->spans->len ? &g_array_index(l->spans, struct report_span, 0) : NULL;

    if (!first)
        return false;
    return l->kind != OBSERVED_POWER || l->spans->len > 1 || first->to_ns != INT64_MAX;
}

static void append_label(GString *svg, const struct report *r,
                         const struct report_lane *l, int y)
{
    bool named = l->meter && r->meters->len > 1;
    g_autofree char *text = named ? g_strdup_printf("%s: %s", l->meter->name, l->label)
                                  : g_strdup(l->label);
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    g_string_append_printf(svg, "<text class=\"lane end\" x=\"%d\" y=\"%d\"><title>",
                           AXIS_LEFT - 8, y + 14);
    report_text(svg, valid);
    g_string_append(svg, "</title>");
    if (g_utf8_strlen(valid, -1) > LABEL_MAX) {
        g_autofree char *cut = g_utf8_substring(valid, 0, LABEL_MAX - 1);
        report_text(svg, cut);
        g_string_append(svg, "…");
    } else {
        report_text(svg, valid);
    }
    g_string_append(svg, "</text>");
}

static void append_span(GString *svg, const struct report_lane *l,
                        struct report_span span, double end_s, int y)
{
    double from = report_axis_x((double)span.from_ns / 1e9, end_s);
    double to = report_axis_x(
        span.to_ns == INT64_MAX ? end_s : (double)span.to_ns / 1e9, end_s);

    g_string_append_printf(svg, "<rect class=\"k-%s\" y=\"%d\" height=\"%d\" rx=\"2\" ",
                           observed_kind_name(l->kind), y + 4, LANE - 8);
    g_string_append(svg, "x=\"");
    report_number(svg, span.from_ns == span.to_ns ? from - 1 : from, "%.1f");
    g_string_append(svg, "\" width=\"");
    report_number(svg, fmax(to - from, 2), "%.1f");
    g_string_append(svg, "\"/>");
}

static void append_lane(GString *svg, const struct report *r,
                        const struct report_lane *l, double end_s, int y)
{
    append_label(svg, r, l, y);
    g_string_append_printf(svg,
                           "<rect class=\"rail\" x=\"%d\" width=\"%d\" y=\"%d\" "
                           "height=\"%d\" rx=\"2\"/>",
                           AXIS_LEFT, AXIS_RIGHT - AXIS_LEFT, y + 4, LANE - 8);
    for (guint k = 0; k < l->spans->len; k++)
        append_span(svg, l, g_array_index(l->spans, struct report_span, k), end_s, y);
}

static void append_key(GString *html, const char *kind, const char *text)
{
    g_string_append_printf(html, "<span class=\"key\"><i class=\"k-%s\"></i>%s</span>",
                           kind, text);
}

static int count_lanes(const struct report *r)
{
    int count = 0;

    for (guint k = 0; k < r->lanes->len; k++)
        count += says_something(g_ptr_array_index(r->lanes, k));
    return count;
}

void report_timeline(const struct report *r, double end_s, GString *html)
{
    int lanes = count_lanes(r), y = TOP, bottom = TOP + LANE * lanes;

    if (!lanes)
        return;
    g_string_append(html, "<figure class=\"plot timeline\"><figcaption>");
    append_key(html, "world", "change");
    append_key(html, "fault", "fault");
    append_key(html, "alert", "alert");
    append_key(html, "contact", "contact closed");
    append_key(html, "passed", "expectation met");
    append_key(html, "failed", "failure");
    g_string_append_printf(
        html, "<span class=\"now\"></span></figcaption><svg viewBox=\"0 0 %d %d\">",
        AXIS_WIDTH, bottom + 22);
    report_axis_time(html, end_s, TOP, bottom);
    for (size_t kind = 0; kind < G_N_ELEMENTS(order); kind++)
        for (guint k = 0; k < r->lanes->len; k++) {
            const struct report_lane *l = g_ptr_array_index(r->lanes, k);
            if (l->kind != order[kind] || !says_something(l))
                continue;
            append_lane(html, r, l, end_s, y);
            y += LANE;
        }
    g_string_append_printf(
        html, "<line class=\"cursor\" y1=\"%d\" y2=\"%d\"/></svg></figure>", TOP,
        bottom);
}
