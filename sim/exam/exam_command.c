/* metersim exam: what a Modbus client makes of what meters, lines and gateways do to it. */
#include "sim/exam/exam_case.h"
#include "sim/exam/exam_judge.h"
#include "sim/exam/exam_page.h"
#include "sim/exam/exam_report.h"
#include "sim/exam/exam_source.h"
#include "sim/program/commands.h"
#include "sim/program/error.h"
#include "sim/program/options.h"
#include "sim/program/output.h"
#include "sim/program/table.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define WHERE_STARTED "127.0.0.1:0"
#define WHERE_WAITED  "127.0.0.1:1502"

static const char help[] =
    "COMMAND is the client: {host}, {port}, {unit} and {units} in it are replaced, and "
    "it has METERSIM_HOST, METERSIM_PORT, METERSIM_UNIT and METERSIM_UNITS. Without "
    "one "
    "a client is waited for.\n\n"
    "What it records is a line of CSV (time,unit,name or register,value) or of JSON on "
    "its standard output, or --recorded.\n\n"
    "Examples:\n"
    "  metersim exam --list\n"
    "  metersim exam -- python3 logger.py {host} {port} {unit}\n"
    "  metersim exam --step -- ./client          (reads `poll`, answers `done`)\n"
    "  metersim exam --only late_answer --html exam.html -- node poll.js {port}\n"
    "  metersim exam --recorded csv:log.csv --profile names.csv -- ./logger {port}\n";

struct exam {
    char *profile, *recorded, *html, *junit, *tcp, *speed;
    char **only, *pcaps;
    gboolean list, step, csv;
    struct exam_options options;
    GPtrArray *outcomes;
};

static bool is_wanted(const struct exam *e, const struct exam_row *row)
{
    return !e->only || g_strv_contains((const char *const *)e->only, row->name);
}

static bool check_names(const struct exam *e, GError **error)
{
    for (char **name = e->only; name && *name; name++) {
        int k = 0;
        while (k < exam_row_count && strcmp(exam_rows[k].name, *name) != 0)
            k++;
        if (k == exam_row_count)
            return error_set(error,
                             "--only: there is no row '%s'; see metersim exam "
                             "--list",
                             *name);
    }
    return true;
}

/* "OWNER/NAME/issues/1 …" as links. */
static char *links(const char *reported, bool csv)
{
    g_auto(GStrv) path = g_strsplit(reported, " ", -1);
    GString *text = g_string_new(NULL);

    for (int k = 0; path[k]; k++)
        g_string_append_printf(
            text, csv ? "%shttps://github.com/%s" : "%s<https://github.com/%s>",
            k ? " " : "", path[k]);
    return g_string_free(text, FALSE);
}

static int print_list(const struct exam *e)
{
    const bool csv = e->csv;

    table_section(csv, true, "situations");
    table_head(
        csv, (const char *[]){ "row", "what happens", "what is seen in the field",
                               "what a good client does", "manual", "reported", NULL });
    for (int k = 0; k < exam_row_count; k++) {
        const struct exam_row *row = &exam_rows[k];
        if (!is_wanted(e, row))
            continue;
        g_autofree char *reported = links(row->reported, csv);
        table_row(csv, (const char *const[]){ row->name, row->title, row->field,
                                              row->good, row->manual, reported, NULL });
    }
    return 0;
}

static void report(struct exam *e, const struct exam_case *c)
{
    struct exam_outcome *o = exam_outcome_new(c);

    if (e->options.pcaps)
        o->pcap = g_strdup_printf("%s.pcap", c->row->name);
    g_ptr_array_add(e->outcomes, o);
    exam_report_point(o, e->outcomes->len);
}

/* The rows from `first` on that are judged from one run. */
static int group_end(int first)
{
    int end = first + 1;

    while (end < exam_row_count && exam_rows[end].flags & EXAM_SAME)
        end++;
    return end;
}

static bool run_group(struct exam *e, int first, int end,
                      const struct exam_profile *profile, struct exam_source *source,
                      GError **error)
{
    struct exam_case c = { .options = &e->options,
                           .profile = profile,
                           .source = source };
    bool ran = false;

    for (int k = first; k < end; k++) {
        if (!is_wanted(e, &exam_rows[k]))
            continue;
        c.row = &exam_rows[k];
        if (!ran && !exam_case_run(&c, error))
            break;
        ran = true;
        exam_judge_case(&c);
        report(e, &c);
    }
    if (c.row)
        exam_case_clear(&c);
    return ran || !c.row;
}

static bool run_all(struct exam *e, const struct exam_profile *profile,
                    struct exam_source *source, GError **error)
{
    for (int k = 0, end; k < exam_row_count; k = end) {
        end = group_end(k);
        if (!run_group(e, k, end, profile, source, error))
            return false;
    }
    return true;
}

static char *command_text(char **command)
{
    return command ? g_strjoinv(" ", command) : g_strdup("(a client that came)");
}

static bool write_reports(const struct exam *e, GError **error)
{
    g_autofree char *command = command_text(e->options.command);

    return (!e->junit || exam_report_junit(e->junit, e->outcomes, command, error)) &&
           (!e->html || exam_report_page(e->html, e->outcomes, command, error));
}

static int examine(struct exam *e, GError **error)
{
    g_autoptr(GArray) entries = exam_entries_new(model_find("s4100"));
    struct exam_profile *profile = exam_profile_new(e->profile, entries, error);
    struct exam_source *source = NULL;
    const gint64 start_us = g_get_monotonic_time();
    int code = ERROR_MISUSE;

    e->outcomes = g_ptr_array_new_with_free_func(exam_outcome_free);
    if (profile && exam_source_new(&source, e->recorded, error) &&
        run_all(e, profile, source, error) && write_reports(e, error))
        code = exam_report_end(e->outcomes,
                               (double)(g_get_monotonic_time() - start_us) * 1e-6);
    exam_source_free(source);
    exam_profile_free(profile);
    g_ptr_array_unref(e->outcomes);
    return code;
}

/* Of captures, beside the page. */
static bool make_folder(struct exam *e, GError **error)
{
    if (!e->html)
        return true;
    e->pcaps = g_strconcat(e->html, ".pcaps", NULL);
    e->options.pcaps = e->pcaps;
    return g_mkdir_with_parents(e->pcaps, 0777) == 0 ||
           error_set(error, "--html: %s cannot be made: %s", e->pcaps,
                     g_strerror(errno));
}

static bool check(struct exam *e, GError **error)
{
    char *end;

    e->options.speed = e->speed ? g_ascii_strtod(e->speed, &end) : 1;
    if (e->speed &&
        (end == e->speed || *end || !(e->options.speed > 0) || e->options.speed > 1000))
        return error_set(error, "--speed must be above 0 and at most 1000");
    if (e->step && !e->options.command)
        return error_set_usage(error, "--step needs a COMMAND");
    e->options.step = e->step;
    e->options.where = e->tcp               ? e->tcp
                       : e->options.command ? WHERE_STARTED
                                            : WHERE_WAITED;
    return check_names(e, error) && output_check("--html", e->html, error) &&
           output_check("--junit", e->junit, error) && make_folder(e, error);
}

/* What follows "--" is the client's, options of its own among it. */
static char **cut_command(int *argc, char **argv)
{
    for (int k = 1; k < *argc; k++)
        if (!strcmp(argv[k], "--")) {
            *argc = k;
            argv[k] = NULL;
            return argv[k + 1] ? argv + k + 1 : NULL;
        }
    return NULL;
}

int command_exam(int argc, char **argv, GError **error)
{
    struct exam e = { .options = { .command = cut_command(&argc, argv) } };
    const GOptionEntry entries[] = {
        { "list", 0, 0, G_OPTION_ARG_NONE, &e.list, "Print the situations", NULL },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &e.csv, "… as CSV instead of Markdown",
          NULL },
        { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &e.only,
          "Only this situation; may be given several times", "ROW" },
        { "step", 0, 0, G_OPTION_ARG_NONE, &e.step,
          "Lock-step: a line `poll` for each second, which the client answers by "
          "`done`",
          NULL },
        { "speed", 0, 0, G_OPTION_ARG_STRING, &e.speed,
          "Simulated seconds per second, without --step; default 1", "X" },
        { "profile", 0, 0, G_OPTION_ARG_FILENAME, &e.profile,
          "What the client claims to record: CSV of name, register and, optionally, "
          "unit, scale, tolerance, age_s; default: the names of metersim registers",
          "FILE" },
        { "recorded", 0, 0, G_OPTION_ARG_STRING, &e.recorded,
          "Where it records; default: lines on its standard output",
          "csv:FILE|prometheus:URL|json" },
        { "tcp", 0, 0, G_OPTION_ARG_STRING, &e.tcp,
          "Where the meters are; default: any free port, without a COMMAND "
          "127.0.0.1:1502",
          "HOST:PORT" },
        { "html", 0, 0, G_OPTION_ARG_FILENAME, &e.html,
          "A page with the frames; captures lie beside it in FILE.pcaps", "FILE" },
        { "junit", 0, 0, G_OPTION_ARG_FILENAME, &e.junit, "Verdicts as JUnit XML",
          "FILE" },
        G_OPTION_ENTRY_NULL
    };
    int code = ERROR_MISUSE;

    if (command_options(&argc, &argv, "[-- COMMAND…]", entries, help, error) &&
        check(&e, error))
        code = e.list ? print_list(&e) : examine(&e, error);
    g_free(e.pcaps);
    return code;
}
