/* JUnit XML. See report_junit.h. XML 1.0 has no control characters but tab and newline,
 * not even as references, so they become '?'. */
#include "sim/run/report_junit.h"
#include "sim/program/output.h"
#include "sim/program/version.h"
#include "sim/report/report_text.h"
#include <string.h>

static void append_escaped(GString *xml, const char *before, const char *text,
                           const char *after)
{
    g_string_append(xml, before);
    report_text(xml, text);
    g_string_append(xml, after);
}

/* The first line stands in the attribute, all of it in the element. */
static void append_trouble(GString *xml, const struct scenario_result *r)
{
    const char *element = r->outcome == SCENARIO_FAILED ? "failure" : "error";
    g_autofree char *first = g_strndup(r->message, strcspn(r->message, "\n"));

    g_string_append_printf(xml, "    <%s", element);
    append_escaped(xml, " message=\"", first, "\">");
    append_escaped(xml, "", r->message, "");
    g_string_append_printf(xml, "</%s>\n", element);
}

/* What it printed; and a pass that has tested nothing says so. */
static void append_output(GString *xml, const struct scenario_result *r)
{
    const bool empty = r->outcome == SCENARIO_PASSED && r->checks == 0;
    g_autofree char *text =
        g_strconcat(r->log, empty ? RUN_NOTHING_EXPECTED "\n" : "", NULL);

    if (*text)
        append_escaped(xml, "    <system-out>", text, "</system-out>\n");
}

struct totals {
    guint tests, failures, errors;
    double seconds;
};

static void append_property(GString *xml, const char *name, const char *value)
{
    g_string_append_printf(xml, "      <property name=\"%s\"", name);
    append_escaped(xml, " value=\"", value, "\"></property>\n");
}

/* What is needed to have the same again. */
static void append_properties(GString *xml, const struct run_item *item)
{
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, item->options.seed);
    g_autofree char *quoted = g_shell_quote(item->path);
    g_autofree char *command =
        g_strdup_printf("metersim run --seed %s %s", seed, quoted);

    g_string_append(xml, "    <properties>\n");
    append_property(xml, "seed", seed);
    append_property(xml, "version", version_text);
    append_property(xml, "command", item->command ? item->command : command);
    g_string_append(xml, "    </properties>\n");
}

/* The expectation that failed is one, too. */
static void append_case(GString *xml, const struct run_item *item, const char *name,
                        const struct scenario_result *r)
{
    const gint64 assertions = r->checks + (r->outcome == SCENARIO_FAILED);
    g_autofree char *class =
        g_str_has_suffix(item->path, ".lua")
            ? g_strndup(item->path, strlen(item->path) - strlen(".lua"))
            : g_strdup(item->path);

    append_escaped(xml, "  <testcase classname=\"", class, "\"");
    append_escaped(xml, " name=\"", name, "\"");
    append_escaped(xml, " file=\"", item->path, "\"");
    g_string_append_printf(xml, " assertions=\"%" G_GINT64_FORMAT "\" time=\"%.3f\">\n",
                           assertions, r->wall_s);
    append_properties(xml, item);
    if (r->outcome == SCENARIO_SKIPPED)
        append_escaped(xml, "    <skipped message=\"", r->message, "\"></skipped>\n");
    else if (r->outcome != SCENARIO_PASSED)
        append_trouble(xml, r);
    append_output(xml, r);
    g_string_append(xml, "  </testcase>\n");
}

/* A scenario, and each of its cases, as tests of their own. */
static void append_result(GString *xml, const struct run_item *item, const char *name,
                          const struct scenario_result *r, struct totals *totals)
{
    if (scenario_result_is_point(r)) {
        append_case(xml, item, name, r);
        totals->tests++;
        totals->failures += r->outcome == SCENARIO_FAILED;
        totals->errors += r->outcome == SCENARIO_MISUSED;
        totals->seconds += r->wall_s;
    }
    for (guint k = 0; r->cases && k < r->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(r->cases, k);
        g_autofree char *inner = g_strdup_printf("%s: %s", name, c->name);
        append_result(xml, item, inner, &c->result, totals);
    }
}

int report_junit_write(const char *path, GPtrArray *items, GError **error)
{
    g_autoptr(GString) xml =
        g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_autoptr(GString) cases = g_string_new("");
    struct totals totals = { 0, 0, 0, 0 };

    for (guint k = 0; k < items->len; k++) {
        const struct run_item *item = g_ptr_array_index(items, k);
        append_result(cases, item, item->name, &item->result, &totals);
    }
    g_string_append_printf(xml,
                           "<testsuite name=\"metersim\" tests=\"%u\" failures=\"%u\" "
                           "errors=\"%u\" time=\"%.3f\">\n%s</testsuite>\n",
                           totals.tests, totals.failures, totals.errors, totals.seconds,
                           cases->str);
    gboolean written = output_write(path, xml, error);
    return written ? 0 : -1;
}
