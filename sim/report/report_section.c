/* The section of one scenario: why it failed, its timeline, plots, pictures, events,
 * and the script. Everything that comes from outside is escaped (report_text). */
#include "sim/report/report_section.h"
#include "sim/report/report_plot.h"
#include "sim/report/report_text.h"
#include "sim/report/report_timeline.h"
#include <string.h>

enum { AROUND = 4 };

/* "case.lua:12: expectation failed …" */
static int failed_line(const struct report *r, const char *message)
{
    g_autofree char *base = g_path_get_basename(r->path);
    size_t length = strlen(base);
    int line = 0;

    if (!strncmp(message, base, length) && message[length] == ':')
        line = (int)g_ascii_strtoll(message + length + 1, NULL, 10);
    return line;
}

/* Lines `from` to `to`, of which one is marked. */
static void append_source(const struct report *r, int from, int to, int marked,
                          GString *html)
{
    g_auto(GStrv) lines = g_strsplit(r->source, "\n", -1);
    int count = (int)g_strv_length(lines);

    if (count > 1 && !*lines[count - 1])
        count--;
    g_string_append(html, "<pre class=\"source\">");
    for (int k = from > 1 ? from : 1; k <= to && k <= count; k++) {
        g_string_append_printf(html, "<span%s><i>%d</i>",
                               k == marked ? " class=\"here\"" : "", k);
        report_text(html, lines[k - 1]);
        g_string_append(html, "\n</span>");
    }
    g_string_append(html, "</pre>");
}

static void append_trouble(const struct report *r, const char *message, GString *html)
{
    int line = failed_line(r, message);

    g_string_append(html, "<div class=\"trouble\"><pre>");
    report_text(html, message);
    g_string_append(html, "</pre>");
    if (line > 0)
        append_source(r, line - AROUND, line + AROUND, line, html);
    g_string_append(html, "</div>");
}

static void append_pictures(const struct report *r, GString *html)
{
    if (!r->pictures->len)
        return;
    g_string_append(html, "<h3>Display</h3><div class=\"pictures\">");
    for (guint k = 0; k < r->pictures->len; k++) {
        const struct report_picture *p = g_ptr_array_index(r->pictures, k);
        g_string_append_printf(html,
                               "<figure><img alt=\"the panel\" "
                               "src=\"data:image/png;base64,%s\"><figcaption>",
                               p->base64);
        report_text(html, p->caption);
        g_string_append(html, "</figcaption></figure>");
    }
    g_string_append(html, "</div>");
}

static void append_event(const struct report_event *e, GString *html)
{
    g_string_append(html, "<tr><td class=\"num\">");
    report_clock(html, (double)e->at_ns / 1e9);
    g_string_append_printf(html, "<td><i class=\"dot k-%s\"></i>%s<td>",
                           observed_kind_name(e->kind), observed_kind_name(e->kind));
    report_text(html, e->meter);
    g_string_append(html, "<td class=\"num\">");
    if (e->line)
        g_string_append_printf(html, "%d", e->line);
    g_string_append(html, "<td class=\"code\">");
    report_text(html, e->text);
    g_string_append(html, "</tr>\n");
}

static void append_events(const struct report *r, GString *html)
{
    g_string_append_printf(
        html,
        "<details><summary>%u events</summary><table class=\"events\">"
        "<thead><tr><th class=\"num\">time<th>kind<th>meter"
        "<th class=\"num\">line<th>what</tr></thead><tbody>",
        r->events->len);
    for (guint k = 0; k < r->events->len; k++)
        append_event(g_ptr_array_index(r->events, k), html);
    g_string_append(html, "</tbody></table>");
    if (r->events_left_out)
        g_string_append_printf(
            html, "<p>and %" G_GINT64_FORMAT " more; --record keeps all of them</p>",
            (gint64)r->events_left_out);
    g_string_append(html, "</details>");
}

static void append_log(const char *log, GString *html)
{
    if (!log[0])
        return;
    g_string_append(html, "<details><summary>Log</summary><pre>");
    report_text(html, log);
    g_string_append(html, "</pre></details>");
}

char *report_section(const struct report *r, const struct scenario_result *result,
                     double end_s)
{
    GString *html = g_string_new("");

    if (result->outcome != SCENARIO_PASSED)
        append_trouble(r, result->message, html);
    if (r->lanes->len)
        g_string_append(html, "<h3>What happened</h3>");
    report_timeline(r, end_s, html);
    if (r->meters->len)
        g_string_append(html, "<h3>Readings</h3>");
    report_plots(r, end_s, html);
    append_pictures(r, html);
    append_events(r, html);
    append_log(result->log, html);
    g_string_append(html, "<details><summary>Script</summary>");
    append_source(r, 1, G_MAXINT, failed_line(r, result->message), html);
    g_string_append(html, "</details>");
    return g_string_free(html, FALSE);
}
