/* JUnit XML. See report_junit.h. XML 1.0 has no control characters but tab and newline,
 * not even as references, so they become '?'. */
#include "sim/report_junit.h"
#include "sim/output.h"
#include <string.h>

static char *escape(const char *text)
{
    char *copy = g_utf8_make_valid(text, -1);

    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < ' ' && *at != '\n' && *at != '\t')
            *at = '?';
    char *escaped = g_markup_escape_text(copy, -1);
    g_free(copy);
    return escaped;
}

static void append_escaped(GString *xml, const char *before, const char *text,
                           const char *after)
{
    char *escaped = escape(text);

    g_string_append_printf(xml, "%s%s%s", before, escaped, after);
    g_free(escaped);
}

/* The first line stands in the attribute, all of it in the element. */
static void append_trouble(GString *xml, const struct scenario_result *r)
{
    const char *element = r->outcome == SCRIPT_FAILED ? "failure" : "error";
    char *first = g_strndup(r->message, strcspn(r->message, "\n"));

    g_string_append_printf(xml, "    <%s", element);
    append_escaped(xml, " message=\"", first, "\">");
    append_escaped(xml, "", r->message, "");
    g_string_append_printf(xml, "</%s>\n", element);
    g_free(first);
}

static void append_case(GString *xml, const struct run_item *item)
{
    const struct scenario_result *r = &item->result;

    append_escaped(xml, "  <testcase classname=\"metersim\" name=\"", item->name, "\"");
    append_escaped(xml, " file=\"", item->path, "\"");
    g_string_append_printf(xml, " assertions=\"%" G_GINT64_FORMAT "\" time=\"%.3f\">\n",
                           (gint64)r->checks, r->wall_s);
    if (r->outcome != SCRIPT_PASSED)
        append_trouble(xml, r);
    if (r->log[0])
        append_escaped(xml, "    <system-out>", r->log, "</system-out>\n");
    g_string_append(xml, "  </testcase>\n");
}

int report_junit_write(const char *path, GPtrArray *items, GError **error)
{
    GString *xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    int failures = 0, errors = 0;
    double seconds = 0;

    for (guint k = 0; k < items->len; k++) {
        const struct scenario_result *r =
            &((struct run_item *)g_ptr_array_index(items, k))->result;
        failures += r->outcome == SCRIPT_FAILED;
        errors += r->outcome == SCRIPT_MISUSED;
        seconds += r->wall_s;
    }
    g_string_append_printf(xml,
                           "<testsuite name=\"metersim\" tests=\"%u\" failures=\"%d\" "
                           "errors=\"%d\" time=\"%.3f\">\n",
                           items->len, failures, errors, seconds);
    for (guint k = 0; k < items->len; k++)
        append_case(xml, g_ptr_array_index(items, k));
    g_string_append(xml, "</testsuite>\n");
    gboolean written = output_write(path, xml, error);
    g_string_free(xml, TRUE);
    return written ? 0 : -1;
}
