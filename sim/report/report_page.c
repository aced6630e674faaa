/* The page of a report: results first, then a section for each scenario. Style and
 * script are resources of the program (report.css, report.js) and stand in the page. */
#include "sim/report/report_page.h"
#include "report_resource.h"
#include "sim/program/output.h"
#include "sim/program/version.h"
#include "sim/report/report.h"
#include "sim/report/report_text.h"
#include <string.h>

struct totals {
    guint passed, failed, wrong;
};

static const char *class_of(const struct scenario_result *r)
{
    return r->outcome == SCENARIO_PASSED    ? "passed"
           : r->outcome == SCENARIO_FAILED  ? "failed"
           : r->outcome == SCENARIO_SKIPPED ? "skipped"
                                            : "wrong";
}

static void append_resource(GString *html, const char *path)
{
    g_autoptr(GBytes) bytes = g_resource_lookup_data(
        report_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);

    g_string_append_len(html, text, (gssize)size);
}

static void append_time(GString *html, double seconds)
{
    long whole = (long)seconds;

    if (seconds < 120)
        report_number(html, seconds, "%.3g s");
    else
        g_string_append_printf(html, "%ld:%02ld:%02ld h", whole / 3600, whole / 60 % 60,
                               whole % 60);
}

static void append_row(GString *html, const char *name, const struct scenario_result *r,
                       guint number)
{
    g_autofree char *first = g_strndup(r->message, strcspn(r->message, "\n"));

    g_string_append_printf(html,
                           "<tr><td><span class=\"pill %s\">%s</span><td>"
                           "<a href=\"#s%u\">",
                           class_of(r), class_of(r), number);
    report_text(html, name);
    g_string_append(html, "</a><td class=\"num\">");
    append_time(html, r->simulated_s);
    g_string_append_printf(html,
                           "<td class=\"num\">%" G_GINT64_FORMAT "<td class=\"code\">",
                           (gint64)r->checks);
    report_text(html, first);
    g_string_append(html, "</tr>\n");
}

/* A scenario and its cases, as the runner counts them. */
static void append_rows(GString *html, const char *name,
                        const struct scenario_result *r, guint number,
                        struct totals *totals)
{
    if (scenario_result_is_point(r)) {
        append_row(html, name, r, number);
        totals->passed += r->outcome == SCENARIO_PASSED;
        totals->failed += r->outcome == SCENARIO_FAILED;
        totals->wrong += r->outcome == SCENARIO_MISUSED;
    }
    for (guint k = 0; r->cases && k < r->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(r->cases, k);
        g_autofree char *inner = g_strdup_printf("%s: %s", name, c->name);
        append_rows(html, inner, &c->result, number, totals);
    }
}

static void append_index(GString *html, const struct report_item *items, guint count,
                         struct totals *totals)
{
    g_string_append(html, "<table class=\"index\"><thead><tr><th>result<th>scenario"
                          "<th class=\"num\">simulated<th class=\"num\">expectations"
                          "<th>why</tr></thead><tbody>");
    for (guint k = 0; k < count; k++)
        append_rows(html, items[k].name, items[k].result, k + 1, totals);
    g_string_append(html, "</tbody></table>");
}

/* What the cases came to; their messages are whole here. */
static void append_cases(GString *html, const struct scenario_result *r)
{
    for (guint k = 0; r->cases && k < r->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(r->cases, k);
        g_string_append_printf(html, "<h3>case <span class=\"pill %s\">%s</span> ",
                               class_of(&c->result), class_of(&c->result));
        report_text(html, c->name);
        g_string_append(html, "</h3>");
        if (c->result.outcome != SCENARIO_PASSED) {
            g_string_append(html, "<div class=\"trouble\"><pre>");
            report_text(html, c->result.message);
            g_string_append(html, "</pre></div>");
        }
        append_cases(html, &c->result);
    }
}

static void append_section(GString *html, const struct report_item *item, guint number)
{
    const struct scenario_result *r = item->result;

    g_string_append_printf(html, "<section id=\"s%u\" data-end=\"", number);
    report_number(html, r->simulated_s, "%.9g");
    g_string_append(html, "\"><h2>");
    report_text(html, item->name);
    g_string_append_printf(html,
                           " <span class=\"pill %s\">%s</span></h2><p class=\""
                           "facts\">",
                           class_of(r), class_of(r));
    append_time(html, r->simulated_s);
    g_string_append_printf(html,
                           " simulated · %" G_GINT64_FORMAT
                           " expectations · seed %" G_GUINT64_FORMAT "</p>",
                           (gint64)r->checks, (guint64)item->seed);
    if (r->section) {
        g_string_append(html, r->section);
    } else { /* its process did not live to tell */
        g_string_append(html, "<div class=\"trouble\"><pre>");
        report_text(html, r->message);
        g_string_append(html, "</pre></div>");
    }
    append_cases(html, r);
    g_string_append(html, "</section>\n");
}

static void append_summary(GString *html, const char *title, const struct totals *t)
{
    g_string_append(html, "<header><h1>");
    report_text(html, title);
    g_string_append_printf(
        html, "</h1><p class=\"sum\"><b class=\"passed\">%u passed</b>", t->passed);
    if (t->failed)
        g_string_append_printf(html, " <b class=\"failed\">%u failed</b>", t->failed);
    if (t->wrong)
        g_string_append_printf(html, " <b class=\"wrong\">%u wrong</b>", t->wrong);
    g_string_append(html, "</p>");
    g_string_append_printf(html, "<p class=\"facts\">metersim %s</p></header>",
                           version_text);
}

/* The icon keeps browsers from asking for one. */
static void append_head(GString *html, const char *title)
{
    g_string_append(html,
                    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width\">"
                    "<meta name=\"color-scheme\" content=\"light dark\">"
                    "<link rel=\"icon\" href=\"data:,\"><title>");
    report_text(html, title);
    g_string_append(html, "</title><style>\n");
    append_resource(html, "/metersim/report.css");
    g_string_append(html, "</style></head><body><main>");
}

bool report_page_write(const char *path, const char *title,
                       const struct report_item *items, guint count, GError **error)
{
    g_autoptr(GString) html = g_string_new("");
    g_autoptr(GString) index = g_string_new("");
    struct totals totals = { 0, 0, 0 };

    append_head(html, title);
    append_index(index, items, count, &totals);
    append_summary(html, title, &totals);
    g_string_append(html, index->str);
    for (guint k = 0; k < count; k++)
        append_section(html, &items[k], k + 1);
    g_string_append(html, "</main><script>\n");
    append_resource(html, "/metersim/report.js");
    g_string_append(html, "</script></body></html>\n");
    return output_write(path, html, error);
}
