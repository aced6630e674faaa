/* What `metersim run` prints. See run_report.h. */
#include "sim/run/run_report.h"
#include <stdio.h>
#include <string.h>

enum { BAR = 30 };

static void print_comment(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++)
        if (**line || line[1])
            printf("#   %s\n", *line);
}

/* Messages begin with the file's name; here its folder comes before it. */
static void print_message(const char *path, const char *message)
{
    g_autofree char *base = g_path_get_basename(path);
    size_t folder = strlen(path) - strlen(base);
    bool named = g_str_has_prefix(message, base) && message[strlen(base)] == ':';
    g_autofree char *text =
        g_strdup_printf("%.*s%s", named ? (int)folder : 0, path, message);

    print_comment(text);
}

/* In a description TAP takes "# TODO" and "# SKIP" for directives; not "\\#". */
static char *escaped(const char *name)
{
    GString *text = g_string_new("");

    for (; *name; name++) {
        if (*name == '#' || *name == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *name);
    }
    return g_string_free(text, FALSE);
}

static void count(struct run_report *r, const struct scenario_result *result)
{
    r->points++;
    r->passed += result->outcome == SCENARIO_PASSED;
    r->failed += result->outcome == SCENARIO_FAILED;
    r->misused += result->outcome == SCENARIO_MISUSED;
    r->skipped += result->outcome == SCENARIO_SKIPPED;
    r->empty += result->outcome == SCENARIO_PASSED && result->checks == 0;
}

static void print_skipped(const struct run_report *r, const char *name,
                          const struct scenario_result *result)
{
    g_autofree char *description = escaped(name);

    printf("ok %u - %s # SKIP %s\n", r->points, description, result->message);
}

static void print_point(struct run_report *r, const struct run_item *item,
                        const char *name, const struct scenario_result *result)
{
    bool passed = result->outcome == SCENARIO_PASSED;

    count(r, result);
    if (result->outcome == SCENARIO_SKIPPED) {
        print_skipped(r, name, result);
        return;
    }
    if (passed && r->quiet && result->checks > 0)
        return;
    g_autofree char *description = escaped(name);
    printf("%sok %u - %s (%.1f s simulated, %.0f ms)\n", passed ? "" : "not ",
           r->points, description, result->simulated_s, result->wall_s * 1000);
    if (passed && result->checks == 0)
        puts("#   " RUN_NOTHING_EXPECTED);
    if (!passed) {
        print_message(item->path, result->message);
        printf("#   seed %" G_GUINT64_FORMAT "\n", (guint64)item->options.seed);
    }
    if (result->log[0])
        print_comment(result->log);
    if (result->notice)
        print_comment(result->notice);
}

static void print_result(struct run_report *r, const struct run_item *item,
                         const char *name, const struct scenario_result *result)
{
    guint cases = result->cases ? result->cases->len : 0;

    if (scenario_result_is_point(result))
        print_point(r, item, name, result);
    for (guint k = 0; k < cases; k++) {
        const struct scenario_case *c = g_ptr_array_index(result->cases, k);
        g_autofree char *inner = g_strdup_printf("%s: %s", name, c->name);
        print_result(r, item, inner, &c->result);
    }
    r->simulated_s += result->simulated_s;
}

/* After what was printed, so that it stays the last line. */
static void show_bar(const struct run_report *r, guint done)
{
    guint filled = BAR * done / r->items;

    fprintf(stderr, "\r[");
    for (guint k = 0; k < BAR; k++)
        fputc(k < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %u of %u, %u not ok\033[K", done, r->items,
            r->failed + r->misused);
    fflush(stderr);
}

static void hide_bar(const struct run_report *r)
{
    if (r->bar)
        fputs("\r\033[K", stderr);
}

void run_report_item(struct run_report *r, const struct run_item *item, guint index)
{
    hide_bar(r);
    print_result(r, item, item->name, &item->result);
    fflush(stdout);
    if (r->bar)
        show_bar(r, index + 1);
}

void run_report_end(struct run_report *r, double wall_s)
{
    hide_bar(r);
    printf("1..%u\n", r->points);
    printf("# %u passed, %u failed, %u wrong; %.1f s simulated in %.2f s\n", r->passed,
           r->failed, r->misused, r->simulated_s, wall_s);
    if (r->skipped)
        printf("# %u skipped\n", r->skipped);
    if (r->empty)
        printf("# %u expected nothing, so they tested nothing\n", r->empty);
}
