/* JUnit and HTML of an examination, by the writers of `metersim run`. See exam_page.h.
 */
#include "sim/exam/exam_page.h"
#include "sim/report/report_page.h"
#include "sim/report/report_text.h"
#include "sim/run/report_junit.h"

/* The frames are what is expected: each finding is one that was not met. */
static struct scenario_result result_of(const struct exam_outcome *o)
{
    static const enum scenario_outcome outcomes[] = { [EXAM_NOT_SEEN] =
                                                          SCENARIO_SKIPPED,
                                                      [EXAM_PASSED] = SCENARIO_PASSED,
                                                      [EXAM_FAILED] = SCENARIO_FAILED };

    return (struct scenario_result){ .outcome = outcomes[o->verdict],
                                     .message = o->why,
                                     .log = o->frames,
                                     .checks = o->verdict == EXAM_NOT_SEEN ? 0 : 1,
                                     .simulated_s = o->simulated_s,
                                     .wall_s = o->wall_s };
}

bool exam_report_junit(const char *path, const GPtrArray *outcomes, const char *command,
                       GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);

    for (guint k = 0; k < outcomes->len; k++) {
        const struct exam_outcome *o = g_ptr_array_index(outcomes, k);
        struct run_item *item = g_new0(struct run_item, 1);
        item->path = item->name = (char *)o->row->name;
        item->command = command;
        item->result = result_of(o);
        g_ptr_array_add(items, item);
    }
    return report_junit_write(path, items, error) == 0;
}

static void append_fact(GString *html, const char *title, const char *text)
{
    g_string_append_printf(html, "<p><b>%s</b> ", title);
    report_text(html, text);
    g_string_append(html, "</p>");
}

/* Who has seen it, as links. */
static void append_reports(GString *html, const char *reported)
{
    g_auto(GStrv) path = g_strsplit(reported, " ", -1);

    g_string_append(html, "<p><b>Reported:</b>");
    for (int k = 0; path[k]; k++) {
        g_string_append(html, " <a href=\"https://github.com/");
        report_text(html, path[k]);
        g_string_append(html, "\">");
        report_text(html, path[k]);
        g_string_append(html, "</a>");
    }
    g_string_append(html, "</p>");
}

static char *section_of(const struct exam_outcome *o, const char *pcaps)
{
    GString *html = g_string_new(NULL);

    append_fact(html, "What happens:", o->row->title);
    append_fact(html, "In the field:", o->row->field);
    append_fact(html, "A good client:", o->row->good);
    append_fact(html, "By the book:", o->row->manual);
    append_reports(html, o->row->reported);
    if (*o->why) {
        g_string_append(html, "<div class=\"trouble\"><pre>");
        report_text(html, o->why);
        g_string_append(html, "</pre></div>");
    }
    if (*o->frames) {
        g_string_append(html, "<pre class=\"code\">");
        report_text(html, o->frames);
        g_string_append(html, "</pre>");
    }
    if (o->pcap) {
        g_string_append(html, "<p>All packets: <a href=\"");
        report_text(html, pcaps);
        g_string_append_c(html, '/');
        report_text(html, o->pcap);
        g_string_append_printf(html, "\">%s</a></p>", o->pcap);
    }
    return g_string_free(html, FALSE);
}

bool exam_report_page(const char *path, const GPtrArray *outcomes, const char *command,
                      GError **error)
{
    g_autofree struct report_item *items = g_new0(struct report_item, outcomes->len);
    g_autofree struct scenario_result *results =
        g_new0(struct scenario_result, outcomes->len);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *pcaps = g_strdup_printf("%s.pcaps", base);
    g_autofree char *title = g_strdup_printf("metersim exam -- %s", command);

    for (guint k = 0; k < outcomes->len; k++) {
        const struct exam_outcome *o = g_ptr_array_index(outcomes, k);
        results[k] = result_of(o);
        results[k].section = section_of(o, pcaps);
        items[k] = (struct report_item){ o->row->name, 1, &results[k] };
    }
    const bool written = report_page_write(path, title, items, outcomes->len, error);
    for (guint k = 0; k < outcomes->len; k++)
        g_free(results[k].section);
    return written;
}
