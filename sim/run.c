/* metersim run: scenarios as tests. The output is TAP: the plan, one line for each
 * scenario, comments below those that fail, and a closing line. */
#include "sim/run.h"
#include "sim/commands.h"
#include "sim/record.h"
#include "sim/report_junit.h"
#include "sim/script_value.h"
#include <stdio.h>
#include <string.h>

struct run {
    gint64 seed, steps;
    int jobs, repeat;
    gboolean quiet;
    char *speed, *tape, *junit, *filter, *time_limit, *record, *record_seconds;
    GPtrArray *items;
    int passed, failed, misused;
    double simulated_s;
};

static const char help[] =
    "Examples:\n"
    "  metersim run scenarios                       all of them\n"
    "  metersim run scenarios --filter ct --jobs 4\n"
    "  metersim run scenarios/first_reading.lua --tape first.tape\n"
    "  metersim run scenarios --junit results.xml\n"
    "  metersim run scenarios/phase_loss_b.lua --record rec --record-seconds 2:6\n\n"
    "Exit code: 0 all passed, 1 an expectation failed, 2 misuse (a wrong script, "
    "too).\n"
    "The language: docs/scenarios.md, metersim verbs, metersim faults.\n";

static int misuse(const char *what, const char *text)
{
    fprintf(stderr, "metersim run: %s%s\n", what, text);
    return 2;
}

static void print_comment(const char *text)
{
    char **lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++)
        if (**line || line[1])
            printf("#   %s\n", *line);
    g_strfreev(lines);
}

/* Messages begin with the file's name; here its folder comes before it. */
static void print_message(const struct run_item *item)
{
    char *base = g_path_get_basename(item->path);
    size_t folder = strlen(item->path) - strlen(base);
    bool named = g_str_has_prefix(item->result.message, base) &&
                 item->result.message[strlen(base)] == ':';
    char *text = g_strdup_printf("%.*s%s", named ? (int)folder : 0, item->path,
                                 item->result.message);

    print_comment(text);
    g_free(text);
    g_free(base);
}

static void count(struct run *r, const struct scenario_result *result)
{
    r->passed += result->outcome == SCRIPT_PASSED;
    r->failed += result->outcome == SCRIPT_FAILED;
    r->misused += result->outcome == SCRIPT_MISUSED;
    r->simulated_s += result->simulated_s;
}

static void report(void *user, guint index)
{
    struct run *r = user;
    const struct run_item *item = g_ptr_array_index(r->items, index);
    const struct scenario_result *result = &item->result;
    bool passed = result->outcome == SCRIPT_PASSED;

    count(r, result);
    if (passed && r->quiet)
        return;
    printf("%sok %u - %s (%.1f s simulated, %.0f ms)\n", passed ? "" : "not ",
           index + 1, item->name, result->simulated_s, result->wall_s * 1000);
    if (passed && result->checks == 0)
        puts("#   nothing was expected, so nothing was tested");
    if (!passed) {
        print_message(item);
        printf("#   seed %" G_GUINT64_FORMAT "\n", (guint64)item->options.seed);
    }
    if (result->log[0])
        print_comment(result->log);
    if (result->notice)
        print_comment(result->notice);
    fflush(stdout);
}

static bool take_speed(const char *text, double *speed)
{
    char *end;

    if (!strcmp(text, "max")) {
        *speed = 0;
        return true;
    }
    *speed = g_ascii_strtod(text, &end);
    if (*end == 'x')
        end++;
    return end != text && !*end && *speed > 0 && *speed <= 1e6;
}

static bool take_limit(const char *text, double *seconds)
{
    char error[SCRIPT_VALUE_ERROR];
    struct script_value v;

    if (!script_value_parse(text, &v, error) ||
        (v.dimension != DIMENSION_TIME && v.dimension != DIMENSION_NUMBER))
        return false;
    *seconds = v.value;
    return v.value >= 0 && v.value <= 1e9;
}

/* "10:20", "10 min:11 min", ":5". */
static bool take_range(const char *text, double *from_s, double *to_s)
{
    const char *colon = strchr(text, ':');
    char *first = g_strndup(text, colon ? (gsize)(colon - text) : 0);
    bool given = colon && (!*first || take_limit(first, from_s)) &&
                 take_limit(colon + 1, to_s) && *from_s < *to_s;

    g_free(first);
    return given;
}

/* The same for every scenario; FALSE after a message. */
static bool take_options(const struct run *r, struct scenario_options *o)
{
    o->seed = (uint64_t)r->seed;
    o->step_limit = r->steps;
    o->tape = r->tape;
    if (r->speed && !take_speed(r->speed, &o->speed)) {
        misuse("--speed must be above 0 and at most 1000000, or max; not ", r->speed);
        return false;
    }
    o->time_limit_s = o->speed > 0 ? 0 : 60; /* a paced run takes its time */
    if (r->time_limit && !take_limit(r->time_limit, &o->time_limit_s)) {
        misuse("--time-limit must be a duration such as \"60 s\", or 0; not ",
               r->time_limit);
        return false;
    }
    o->record_to_s = RECORD_WAVES_S;
    if (r->record_seconds &&
        (!r->record ||
         !take_range(r->record_seconds, &o->record_from_s, &o->record_to_s))) {
        misuse("--record-seconds goes with --record and is FROM:TO, such as 5:20 or "
               "\"1 min:90 s\"; not ",
               r->record_seconds);
        return false;
    }
    return true;
}

static int make_list(struct run *r, int argc, char **argv)
{
    struct scenario_options options = { .path = NULL };

    if (!take_options(r, &options))
        return 2;
    if (r->jobs < 1 || r->jobs > 256 || r->repeat < 1 || r->repeat > 100000 ||
        r->steps < 0)
        return misuse("--jobs is 1 to 256, --repeat 1 to 100000, --steps not below 0",
                      "");
    if (argc < 2)
        return misuse("no scenario; see metersim run --help", "");
    for (int k = 1; k < argc; k++)
        if (!run_list_add(r->items, argv[k]))
            return misuse("no such file or folder: ", argv[k]);
    if (r->filter)
        run_list_filter(r->items, r->filter);
    if (!r->items->len)
        return misuse("no scenario there",
                      r->filter ? " that --filter lets through" : "");
    for (guint k = 0; k < r->items->len; k++) {
        struct run_item *item = g_ptr_array_index(r->items, k);
        options.path = item->path;
        item->options = options;
    }
    run_list_repeat(r->items, r->repeat);
    if (r->record)
        run_list_record(r->items, r->record);
    if (r->tape && r->items->len != 1)
        return misuse("--tape takes one scenario, once", "");
    return 0;
}

static int print_end(struct run *r, double wall_s)
{
    const struct run_item *first = g_ptr_array_index(r->items, 0);
    GError *error = NULL;

    if (r->tape && first->result.tape_hash[0])
        printf("tape %s sha256 %s\n", r->tape, first->result.tape_hash);
    printf("# %d passed, %d failed, %d wrong; %.1f s simulated in %.2f s\n", r->passed,
           r->failed, r->misused, r->simulated_s, wall_s);
    if (r->junit && report_junit_write(r->junit, r->items, &error)) {
        misuse("", error->message);
        g_error_free(error);
        return 2;
    }
    return r->misused ? 2 : r->failed ? 1 : 0;
}

static int run(struct run *r, int argc, char **argv)
{
    gint64 start_us = g_get_monotonic_time();
    int code = make_list(r, argc, argv);

    if (code)
        return code;
    printf("1..%u\n", r->items->len);
    run_pool(r->items, r->jobs, report, r);
    code = print_end(r, (double)(g_get_monotonic_time() - start_us) / 1e6);
    fflush(stdout);
    return code;
}

static void free_run(struct run *r)
{
    g_ptr_array_unref(r->items);
    g_free(r->speed);
    g_free(r->tape);
    g_free(r->junit);
    g_free(r->filter);
    g_free(r->time_limit);
    g_free(r->record);
    g_free(r->record_seconds);
}

int command_run(int argc, char **argv)
{
    struct run r = { .seed = 1, .jobs = 1, .repeat = 1 };
    const GOptionEntry entries[] = {
        { "seed", 0, 0, G_OPTION_ARG_INT64, &r.seed,
          "Of noise and random numbers; default 1", "N" },
        { "speed", 0, 0, G_OPTION_ARG_STRING, &r.speed,
          "Simulated seconds per second; default max", "X|max" },
        { "tape", 0, 0, G_OPTION_ARG_FILENAME, &r.tape,
          "Records the meter's tape (one scenario with one meter); -: its hash only",
          "FILE|-" },
        { "record", 0, 0, G_OPTION_ARG_FILENAME, &r.record,
          "Readings, waves (COMTRADE), events, LCD of each scenario in a folder there",
          "DIR" },
        { "record-seconds", 0, 0, G_OPTION_ARG_STRING, &r.record_seconds,
          "Which waves; default 0:600", "FROM:TO" },
        { "junit", 0, 0, G_OPTION_ARG_FILENAME, &r.junit, "Writes JUnit XML", "FILE" },
        { "jobs", 0, 0, G_OPTION_ARG_INT, &r.jobs, "Scenarios at once; default 1",
          "N" },
        { "filter", 0, 0, G_OPTION_ARG_STRING, &r.filter,
          "Only scenarios whose name contains this", "TEXT" },
        { "repeat", 0, 0, G_OPTION_ARG_INT, &r.repeat,
          "Runs each so often, with seeds N, N + 1, …", "N" },
        { "time-limit", 0, 0, G_OPTION_ARG_STRING, &r.time_limit,
          "Wall time of one scenario; default \"60 s\" at speed max, else none",
          "TIME" },
        { "steps", 0, 0, G_OPTION_ARG_INT64, &r.steps,
          "Lua instructions between two waits; default 50000000", "N" },
        { "quiet", 0, 0, G_OPTION_ARG_NONE, &r.quiet,
          "Only what fails, and the summary", NULL },
        G_OPTION_ENTRY_NULL
    };

    r.items = run_list_new();
    int code = 2;
    if (command_options(&argc, &argv, "run", "FILES|FOLDERS…", entries, help))
        code = run(&r, argc, argv);
    free_run(&r);
    return code;
}
