/* metersim run: scenarios as tests. The output is TAP: one line for each scenario and
 * for each of its cases, comments below those that fail, the plan, a closing line. */
#include "sim/lua/value.h"
#include "sim/plant/board_image.h"
#include "sim/program/allowed.h"
#include "sim/program/commands.h"
#include "sim/record/record.h"
#include "sim/report/report_page.h"
#include "sim/run/report_junit.h"
#include "sim/run/run_list.h"
#include "sim/run/run_outputs.h"
#include "sim/run/run_pool.h"
#include "sim/run/run_report.h"
#include "sim/script/script.h"
#include "sim/site/state_file.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of the panel, for each scenario of a report; few when there are many. */
enum { PICTURES = 6, PICTURES_FEW = 2, PAGE_FULL = 6 };

struct run {
    GError **error; /* of the command */
    gint64 seed, steps;
    int jobs, repeat;
    gboolean quiet, same_seed;
    char *speed, *tape, *junit, *filter, *shard, *time_limit, *simulated_limit,
        *at_most;
    char *record, *record_seconds, *screenshots, *page, *from, *save;
    char **allow; /* folders that scripts may read; NULL: none */
    struct board_options board;
    const char *cases; /* of `filter`, or NULL */
    GPtrArray *items;
    struct run_report report;
};

static const char help[] =
    "Examples:\n"
    "  metersim run scenarios                       all of them\n"
    "  metersim run scenarios --filter ct --jobs 4\n"
    "  metersim run scenarios --filter \"phase_loss_by_type: type 31\"   the cases of "
    "that name\n"
    "  metersim run scenarios/first_reading.lua --tape first.tape\n"
    "  metersim run scenarios --junit results.xml --report results.html\n"
    "  metersim run scenarios/phase_loss_b.lua --record rec --record-seconds 2:6\n"
    "  metersim run warm_up.lua --save warm.snap    its meters, as they are at the "
    "end\n"
    "  metersim run --from warm.snap what_if_*.lua  each begins with these meters\n"
    "  metersim run a.lua --repeat 1000 --same-seed --tape - --quiet\n"
    "                                               is it the same every time?\n\n"
    "Results go to files of different names. /dev/stdout is one; '-' works with --tape "
    "only.\n"
    "Exit code: 0 all passed, 1 an expectation failed, 2 misuse (a wrong script, "
    "too).\n"
    "The language: docs/scenarios.md, metersim verbs, metersim faults.\n";

static int misuse(struct run *r, const char *text)
{
    error_set(r->error, "%s", text);
    return ERROR_MISUSE;
}

static int unmatched(struct run *r, const char *what)
{
    error_set(
        r->error,
        "--filter '%s' matches no %s; the names are those of the output, SCENARIO "
        "or SCENARIO: CASE",
        r->filter, what);
    return ERROR_MISUSE;
}

static bool refuse(const struct run *r, const char *what, const char *value)
{
    return error_set(r->error, "%s; not '%s'", what, value);
}

static void report(void *user, guint index)
{
    struct run *r = user;

    run_report_item(&r->report, g_ptr_array_index(r->items, index), index);
}

static bool parse_speed(const char *text, double *speed)
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

static bool parse_limit(const char *text, double *seconds)
{
    char error[VALUE_ERROR];
    struct value v;

    if (!value_parse(text, &v, error) ||
        (v.dimension != DIMENSION_TIME && v.dimension != DIMENSION_NUMBER))
        return false;
    *seconds = v.value;
    return v.value >= 0 && v.value <= 1e9;
}

/* "10:20", "10 min:11 min", ":5". */
static bool parse_range(const char *text, double *from_s, double *to_s)
{
    const char *colon = strchr(text, ':');
    g_autofree char *first = g_strndup(text, colon ? (gsize)(colon - text) : 0);

    return colon && (!*first || parse_limit(first, from_s)) &&
           parse_limit(colon + 1, to_s) && *from_s < *to_s;
}

/* The same for every scenario; FALSE after a message. */
static bool parse_options(const struct run *r, struct scenario_options *o)
{
    o->seed = (uint64_t)r->seed;
    o->step_limit = r->steps;
    o->tape = r->tape;
    o->report = r->page != NULL;
    o->from = r->from;
    o->save = r->save;
    if (!board_image_open(&r->board, &o->maker, r->error))
        return false;
    if (r->speed && !parse_speed(r->speed, &o->speed))
        return refuse(r, "--speed must be above 0 and at most 1000000, or max",
                      r->speed);
    o->time_limit_s = o->speed > 0 ? 0 : 60; /* a paced run takes its time */
    if (r->time_limit && !parse_limit(r->time_limit, &o->time_limit_s))
        return refuse(r, "--time-limit must be a duration such as \"60 s\", or 0",
                      r->time_limit);
    o->record_to_s = RECORD_WAVES_S;
    if (r->record_seconds &&
        (!r->record ||
         !parse_range(r->record_seconds, &o->record_from_s, &o->record_to_s)))
        return refuse(r,
                      "--record-seconds goes with --record and is FROM:TO, such as "
                      "5:20 or \"1 min:90 s\"",
                      r->record_seconds);
    if (r->simulated_limit && !parse_limit(r->simulated_limit, &o->simulated_limit_s))
        return refuse(r, "--simulated-limit must be a duration such as \"1 h\", or 0",
                      r->simulated_limit);
    if (r->at_most && (!parse_limit(r->at_most, &o->at_most_s) || o->at_most_s <= 0))
        return refuse(r, "--at-most must be a duration above 0, such as \"60 s\"",
                      r->at_most);
    return true;
}

static bool in_range(const struct run *r, const char *option, gint64 value, double min,
                     double max)
{
    return command_in_range(option, (double)value, min, max, r->error);
}

static bool check_numbers(const struct run *r)
{
    return in_range(r, "jobs", r->jobs, 1, 256) &&
           in_range(r, "repeat", r->repeat, 1, 100000) &&
           in_range(r, "steps", r->steps, 1, 1e15) &&
           in_range(r, "seed", r->seed, 0, (double)G_MAXINT64);
}

/* "K/N"; a shard may be empty when there are fewer scenarios than shards. */
static bool parse_shard(struct run *r)
{
    unsigned index, count;
    char end;

    if (sscanf(r->shard, "%5u/%5u%c", &index, &count, &end) != 2 || index < 1 ||
        index > count)
        return refuse(r, "--shard is K/N, such as 1/4, K from 1 to N", r->shard);
    run_list_shard(r->items, (int)index - 1, (int)count);
    return true;
}

static bool check_outputs(const struct run *r)
{
    const struct run_outputs outputs = { .junit = r->junit,
                                         .page = r->page,
                                         .save = r->save,
                                         .record = r->record,
                                         .screenshots = r->screenshots,
                                         .tape = r->tape };

    return run_outputs_check(&outputs, r->items, r->from, r->error);
}

/* Each scenario reads it for itself; that it can is asked once. */
static bool check_from(const struct run *r, const char *from)
{
    g_autofree char *bytes = NULL;
    struct store state;
    GError *error = NULL;

    if (from)
        state_file_read(from, &bytes, &state, &error);
    g_prefix_error(&error, "--from: ");
    return error_move(r->error, error);
}

/* In TAP '#' begins a directive and '\\' takes that back (run_report.c); a name may be
 * pasted from there. */
static void unescape(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        at += *at == '\\' && (at[1] == '\\' || at[1] == '#');
        *to++ = *at;
    }
    *to = '\0';
}

/* What the options say of one scenario goes to each. */
static void set_options(struct run *r, const struct scenario_options *options)
{
    for (guint k = 0; k < r->items->len; k++) {
        struct run_item *item = g_ptr_array_index(r->items, k);
        const char *path = item->path;
        item->options = *options;
        item->options.path = path;
    }
}

/* What is written for one scenario alone. */
static int check_single(struct run *r)
{
    const bool tape = r->tape && strcmp(r->tape, "-");

    if (tape && r->items->len != 1)
        return misuse(r, "--tape FILE takes one scenario, once; --tape - takes any");
    if (tape && r->from)
        return misuse(
            r, "--tape FILE begins with a meter's power-up, and those of --from "
               "have theirs behind them; --tape - gives the hash of what follows");
    if (r->save && r->items->len != 1)
        return misuse(r, "--save FILE takes one scenario, once");
    return 0;
}

/* The scenarios that are named, and none but those that --filter lets through. */
static int find_scenarios(struct run *r, int argc, char **argv)
{
    if (argc < 2)
        return misuse(r, "no scenario; see metersim run --help");
    for (int k = 1; k < argc; k++)
        if (!run_list_add(r->items, argv[k], r->error))
            return 2;
    if (!check_from(r, r->from) || !check_outputs(r))
        return 2;
    if (r->filter) {
        unescape(r->filter);
        r->cases = run_list_filter(r->items, r->filter);
    }
    if (!r->items->len)
        return r->filter ? unmatched(r, "scenario")
                         : misuse(r, "no scenario there: folders hold *.lua files");
    return 0;
}

static int make_list(struct run *r, int argc, char **argv)
{
    struct scenario_options options = { .path = NULL };

    if (!parse_options(r, &options) || !check_numbers(r) ||
        find_scenarios(r, argc, argv))
        return 2;
    options.cases = r->cases;
    set_options(r, &options);
    if (r->shard && !parse_shard(r))
        return 2;
    run_list_repeat(r->items, r->repeat, !r->same_seed);
    for (guint k = 0; k < r->items->len; k++)
        ((struct run_item *)g_ptr_array_index(r->items, k))->options.pictures =
            r->items->len > PAGE_FULL ? PICTURES_FEW : PICTURES;
    run_list_folders(r->items, r->record, r->screenshots);
    return check_single(r);
}

static void print_case_tapes(const char *tape, const struct scenario_result *result)
{
    for (guint k = 0; result->cases && k < result->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(result->cases, k);
        g_autofree char *path = g_strdup_printf("%s.case%d", tape, c->number);
        if (c->result.tape_hash[0])
            printf("# tape %s sha256 %s, case %s\n", path, c->result.tape_hash,
                   c->name);
        print_case_tapes(path, &c->result);
    }
}

/* Each scenario's name, where there are several. */
static void print_tape(const struct run *r, const struct run_item *item, bool several)
{
    if (item->result.tape_hash[0])
        printf("tape %s sha256 %s%s%s\n", r->tape, item->result.tape_hash,
               several ? ", " : "", several ? item->path : "");
    print_case_tapes(r->tape, &item->result);
}

/* The hash of each scenario's tape; and whether repetitions had the same. */
static bool print_tapes(const struct run *r)
{
    guint tapes, different, scenarios = r->items->len / (guint)r->repeat;

    if (!r->tape)
        return true;
    bool same = run_list_same_tapes(r->items, &tapes, &different);
    for (guint k = 0; k < scenarios; k++) /* repetitions follow them */
        print_tape(r, g_ptr_array_index(r->items, k), scenarios > 1);
    if (tapes > 1)
        printf("# %u tapes, %u of them distinct\n", tapes, different);
    if (same || !r->same_seed)
        return true;
    puts("# the same scenario with the same seed gave different tapes");
    return false;
}

static bool write_page(const struct run *r, GError **error)
{
    g_autofree struct report_item *items = g_new0(struct report_item, r->items->len);

    for (guint k = 0; k < r->items->len; k++) {
        const struct run_item *item = g_ptr_array_index(r->items, k);
        items[k] =
            (struct report_item){ item->name, item->options.seed, &item->result };
    }
    return report_page_write(r->page, "metersim run", items, r->items->len, error);
}

static int print_end(struct run *r, double wall_s)
{
    bool same = print_tapes(r);

    run_report_end(&r->report, wall_s);
    if (r->junit && report_junit_write(r->junit, r->items, r->error))
        return 2;
    if (r->page && !write_page(r, r->error))
        return 2;
    if (r->cases && !r->shard && r->report.points == 0)
        return unmatched(r, "case");
    return r->report.misused ? 2 : r->report.failed || !same ? 1 : 0;
}

static int run(struct run *r, int argc, char **argv)
{
    gint64 start_us = g_get_monotonic_time();
    int code = make_list(r, argc, argv);

    if (code)
        return code;
    const char *terminal = g_getenv("TERM");
    r->report.quiet = r->quiet;
    r->report.items = r->items->len;
    r->report.bar = isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb");
    run_pool(r->items, r->jobs, report, r);
    code = print_end(r, (double)(g_get_monotonic_time() - start_us) / 1e6);
    fflush(stdout);
    return code;
}

int command_run(int argc, char **argv, GError **error)
{
    struct run r = {
        .error = error, .seed = 1, .jobs = 1, .repeat = 1, .steps = SCRIPT_STEP_LIMIT
    };
    const GOptionEntry entries[] = {
        { "seed", 0, 0, G_OPTION_ARG_INT64, &r.seed,
          "Seed of noise and random numbers, from 0; default 1", "N" },
        { "speed", 0, 0, G_OPTION_ARG_STRING, &r.speed,
          "Simulated seconds per second; default max", "X|max" },
        { "tape", 0, 0, G_OPTION_ARG_FILENAME, &r.tape,
          "FILE: the tape of one scenario with one meter; -: prints hashes only, of "
          "any "
          "number of scenarios",
          "FILE|-" },
        { "from", 0, 0, G_OPTION_ARG_FILENAME, &r.from,
          "Starts with the meters of a snapshot, in the global table meters", "FILE" },
        { "save", 0, 0, G_OPTION_ARG_FILENAME, &r.save,
          "Writes the state at the end of one scenario as a snapshot, if it passes and "
          "its "
          "cases do",
          "FILE" },
        { "record", 0, 0, G_OPTION_ARG_FILENAME, &r.record,
          "Readings, waves (COMTRADE), events, LCD of each scenario in a folder there",
          "DIR" },
        { "record-seconds", 0, 0, G_OPTION_ARG_STRING, &r.record_seconds,
          "Which waves; default 0:600", "FROM:TO" },
        { "screenshots", 0, 0, G_OPTION_ARG_FILENAME, &r.screenshots,
          "Where the verb screenshot puts its pictures, a folder for each scenario; "
          "default: into the record",
          "DIR" },
        { "report", 0, 0, G_OPTION_ARG_FILENAME, &r.page,
          "Writes a page with results, plots, events and pictures", "FILE.html" },
        { "junit", 0, 0, G_OPTION_ARG_FILENAME, &r.junit, "Writes JUnit XML", "FILE" },
        { "jobs", 0, 0, G_OPTION_ARG_INT, &r.jobs,
          "Scenarios and cases at once, 1 to 256; default 1", "N" },
        { "filter", 0, 0, G_OPTION_ARG_STRING, &r.filter,
          "Only scenarios whose name contains this; SCENARIO: CASE also chooses cases",
          "TEXT" },
        { "shard", 0, 0, G_OPTION_ARG_STRING, &r.shard,
          "Only the K-th of N parts, by the order of names (metersim junit-merge)",
          "K/N" },
        { "repeat", 0, 0, G_OPTION_ARG_INT, &r.repeat,
          "Runs each this many times (1 to 100000), with seeds N, N + 1, …", "N" },
        { "time-limit", 0, 0, G_OPTION_ARG_STRING, &r.time_limit,
          "Wall time of one scenario; default \"60 s\" at speed max, else none",
          "TIME" },
        { "simulated-limit", 0, 0, G_OPTION_ARG_STRING, &r.simulated_limit,
          "Simulated time of one scenario; default none", "TIME" },
        { "at-most", 0, 0, G_OPTION_ARG_STRING, &r.at_most,
          "Skips scenarios and cases that want more simulated time, a second meter, or "
          "a "
          "switch that the board has not; default: none",
          "TIME" },
        { "same-seed", 0, 0, G_OPTION_ARG_NONE, &r.same_seed,
          "--repeat keeps the seed; with --tape -, different tapes are a failure",
          NULL },
        { "steps", 0, 0, G_OPTION_ARG_INT64, &r.steps,
          "Lua instructions between two waits, from 1 on; default 50000000", "N" },
        { "allow", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &r.allow,
          "Scripts may read files below this folder, besides those below their own and "
          "the data folder; may be given several times",
          "FOLDER" },
        BOARD_OPTIONS(&r.board),
        { "quiet", 0, 0, G_OPTION_ARG_NONE, &r.quiet,
          "Prints only failures and the summary", NULL },
        G_OPTION_ENTRY_NULL
    };

    r.items = run_list_new();
    int code = 2;
    if (command_options(&argc, &argv, "FILES|FOLDERS…", entries, help, error) &&
        allowed_add(r.allow, error))
        code = run(&r, argc, argv);
    g_ptr_array_unref(r.items);
    return code;
}
