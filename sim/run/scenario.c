/* A scenario from start to end. See scenario.h. Time goes on in slices of 0.1 s at
 * every speed, so that pacing changes nothing in what the meters see. */
#include "sim/run/scenario.h"
#include "sim/plant/cpu_report.h"
#include "sim/program/error.h"
#include "sim/program/jobs.h"
#include "sim/program/stuck.h"
#include "sim/record/observer.h"
#include "sim/run/scenario_watch.h"
#include "sim/script/script.h"
#include "sim/site/state_file.h"
#include "waveform/base/store.h"
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SLICE_NS = 100000000 };

/* What a running script calls back with. */
struct running {
    struct sim *sim;
    struct tape_file *tape;
    char *tape_path, *screenshots;
    struct scenario_watch *watch;
    GError *problem; /* why a case has no record, or NULL */
    gint64 start_us; /* of the scenario, or of the case that this process is */
    int64_t start_ns;
    gint64 pace_us; /* where the pace is reckoned from */
    int64_t pace_ns;
    double at_most_s;
};

/* Points whose script waits for longer are not for this run. */
static const char *refuse_wait(void *user, int64_t at_ns)
{
    const struct running *r = user;

    return (double)(at_ns - r->start_ns) / 1e9 > r->at_most_s
               ? "it takes longer than --at-most"
               : NULL;
}

static void stop_sim(void *user)
{
    sim_stop(((struct running *)user)->sim);
}

static void start_pace(struct running *r)
{
    r->pace_us = g_get_monotonic_time();
    r->pace_ns = sim_now(r->sim);
}

/* A case's tape is a copy of the scenario's that goes on: FILE.case1 …, of a case in it
 * FILE.case1.case1. It has a record of its own; the report is the scenario's alone. */
static void become_case(void *user, int number, const char *name)
{
    struct running *r = user;

    r->start_us = g_get_monotonic_time();
    r->start_ns = sim_now(r->sim);
    start_pace(r);
    g_clear_error(&r->problem);
    scenario_watch_case(r->watch, number, name, &r->problem);
    if (!r->tape)
        return;
    char *path = g_strdup_printf("%s.case%d", r->tape_path, number);
    tape_file_branch(r->tape, path);
    g_free(r->tape_path);
    r->tape_path = path;
}

/* Simulated time went back. The tape cannot be replayed beyond this, and a record or a
 * report has one time: they end here. */
static void go_back(void *user, int64_t by_ns)
{
    struct running *r = user;

    r->start_ns += by_ns; /* what was simulated stays so */
    start_pace(r);
    if (r->watch)
        observer_silence(scenario_watch_observer(r->watch));
    if (r->tape)
        tape_file_end(r->tape);
}

/* Sleeps until simulated time is due. */
static void pace(const struct scenario_options *o, const struct running *r)
{
    if (o->speed <= 0)
        return;
    double due_us = (double)(sim_now(r->sim) - r->pace_ns) / 1000.0 / o->speed;
    double ahead_us = due_us - (double)(g_get_monotonic_time() - r->pace_us);
    if (ahead_us > 0)
        g_usleep((gulong)ahead_us);
}

/* A full disk ends the run: what goes on has nobody who reads it. */
static bool can_write(struct script *script, const struct running *r)
{
    int number = r->tape ? tape_file_error(r->tape) : 0;
    GError *error = NULL;

    if (number)
        error_set(&error, "tape %s: %s", r->tape_path, strerror(number));
    else if (scenario_watch_check(r->watch, &error))
        return true;
    script_stop(script, "%s; stopped at %.3f s simulated", error->message,
                (double)sim_now(r->sim) / 1e9);
    g_error_free(error);
    return false;
}

static void run_to_end(const struct scenario_options *o, struct script *script,
                       const struct running *running, gint64 deadline_us)
{
    struct sim *sim = running->sim;

    script_start(script);
    while (script_outcome(script) == SCENARIO_RUNNING) {
        if (deadline_us && g_get_monotonic_time() > deadline_us) {
            script_stop(script,
                        "stopped by the time limit of %g s, at %.3f s simulated",
                        o->time_limit_s, (double)sim_now(sim) / 1e9);
            return;
        }
        sim_run(sim, sim_now(sim) / SLICE_NS * SLICE_NS + SLICE_NS);
        if (!can_write(script, running))
            return;
        if (o->simulated_limit_s > 0 &&
            (double)(sim_now(sim) - running->start_ns) / 1e9 > o->simulated_limit_s)
            script_stop(script, "stopped by the limit of %g s of simulated time",
                        o->simulated_limit_s);
        pace(o, running);
    }
}

/* What the script has printed, and then what its processors showed. */
static char *log_of(const struct script *script, struct sim *sim)
{
    const char *log = script_log(script);
    g_autofree char *figures = cpu_report(sim);

    return figures ? g_strconcat(log, *log ? "\n" : "", figures, NULL) : g_strdup(log);
}

static void collect_result(const struct script *script, const struct running *running,
                           struct scenario_result *r)
{
    r->outcome = script_outcome(script);
    r->message = g_strdup(script_message(script));
    r->log = log_of(script, running->sim);
    r->checks = script_checks(script);
    r->only_cases = script_only_cases(script);
    r->simulated_s = (double)(sim_now(running->sim) - running->start_ns) / 1e9;
    r->cases = g_ptr_array_ref(script_cases(script));
    r->wall_s = (double)(g_get_monotonic_time() - running->start_us) / 1e6;
}

/* Frees the error; NULL changes nothing. A failed expectation stays what is reported. */
static void set_misused(struct scenario_result *r, GError *error)
{
    if (error && r->outcome != SCENARIO_FAILED) {
        g_free(r->message);
        r->outcome = SCENARIO_MISUSED;
        r->message = g_strdup(error->message);
    }
    g_clear_error(&error);
}

static void close_tape(struct tape_file *tape, const char *path, int meters,
                       struct scenario_result *r)
{
    GError *error = NULL;
    int number = 0;

    if (meters == 0)
        tape_file_drop(tape);
    else
        number = tape_file_close(tape, r->tape_hash);
    if (number)
        error_set(&error, "tape %s: %s", path, strerror(number));
    else if (!meters && r->outcome == SCENARIO_PASSED && !(r->cases && r->cases->len))
        error_set(&error, "the scenario makes no meter, so there is no tape");
    set_misused(r, error);
}

static char *screenshots_folder(const struct scenario_options *o)
{
    if (o->screenshots)
        return g_strdup(o->screenshots);
    return o->record ? g_build_filename(o->record, "screenshots", NULL) : NULL;
}

static void report_missed(const struct script *script, bool is_case,
                          struct scenario_result *r)
{
    int missed = script_screenshots_missed(script);

    if (missed == 0)
        return;
    char *notice = g_strdup_printf(
        "%s%s%d screenshot%s not taken: %s", r->notice ? r->notice : "",
        r->notice ? "\n" : "", missed, missed == 1 ? "" : "s",
        is_case ? "a case draws none" : "--record DIR or --screenshots DIR says where");
    g_free(r->notice);
    r->notice = notice;
}

/* The meters of the snapshot become the script's, or the script ends as misuse. */
static void begin_from(const struct scenario_options *o, struct script *script,
                       struct running *running)
{
    struct store state;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;

    if (state_file_read(o->from, &bytes, &state, &error) &&
        !script_begin_from(script, &state, &error))
        g_prefix_error(&error, "%s ", o->from);
    if (error)
        script_stop(script, "--from: %s", error->message);
    running->start_ns = sim_now(running->sim);
}

static bool all_pass(const struct scenario_result *r)
{
    for (guint k = 0; r->cases && k < r->cases->len; k++)
        if (!all_pass(
                &((struct scenario_case *)g_ptr_array_index(r->cases, k))->result))
            return false;
    return r->outcome == SCENARIO_PASSED;
}

static void save_end(const char *path, const struct script *script,
                     struct scenario_result *r)
{
    GError *error = NULL;

    if (!all_pass(r))
        return;
    const struct store *state = script_end_state(script, &error);
    if (state)
        state_file_write(path, state, &error);
    g_prefix_error(&error, "--save: ");
    set_misused(r, error);
}

/* Opens what the scenario writes while it runs. False: the result says why not. */
static bool open_outputs(struct running *run, const struct scenario_options *o,
                         struct scenario_result *r)
{
    GError *error = NULL;

    run->tape = o->tape ? tape_file_open(o->tape) : NULL;
    if (o->tape && !run->tape)
        error_set(&error, "tape %s: %s", o->tape, strerror(errno));
    else
        run->watch = scenario_watch_open(o, &error);
    if (!error) {
        run->tape_path = g_strdup(o->tape);
        run->screenshots = screenshots_folder(o);
        return true;
    }
    set_misused(r, error);
    r->log = g_strdup("");
    if (run->tape)
        tape_file_drop(run->tape);
    return false;
}

static struct script *make_script(struct running *run, const struct scenario_options *o,
                                  gint64 deadline_us)
{
    const struct script_options options = { .path = o->path,
                                            .seed = o->seed,
                                            .step_limit = o->step_limit,
                                            .memory_limit = o->memory_limit,
                                            .deadline_us = deadline_us,
                                            .tape = run->tape ? tape_file_write : NULL,
                                            .tape_user = run->tape,
                                            .observer =
                                                scenario_watch_observer(run->watch),
                                            .refuses =
                                                o->at_most_s > 0 ? refuse_wait : NULL,
                                            .skips = o->at_most_s > 0,
                                            .done = stop_sim,
                                            .forked = become_case,
                                            .cases = o->cases,
                                            .jobs = o->jobs,
                                            .holder = o->holder,
                                            .screenshots = run->screenshots,
                                            .restored = go_back,
                                            .keeps_end = o->save != NULL,
                                            .user = run };

    return script_new(run->sim, &options);
}

/* While script and meters are still there. */
static void collect_outputs(struct running *run, const struct scenario_options *o,
                            const struct script *script, struct scenario_result *r)
{
    bool is_case = script_case_fd(script) >= 0;

    collect_result(script, run, r);
    if (o->save && !is_case)
        save_end(o->save, script, r);
    set_misused(r, run->problem);
    GError *error = NULL;
    scenario_watch_close(run->watch, r, &error);
    set_misused(r, error);
    report_missed(script, is_case, r);
}

static void end_run(struct running *run, struct scenario_result *r)
{
    int meters = sim_unit_count(run->sim);

    sim_free(run->sim);
    if (run->tape)
        close_tape(run->tape, run->tape_path, meters, r);
    g_free(run->tape_path);
    g_free(run->screenshots);
}

void scenario_run(const struct scenario_options *o, struct scenario_result *r)
{
    struct running run = { .start_us = g_get_monotonic_time(),
                           .at_most_s = o->at_most_s };
    gint64 deadline_us =
        o->time_limit_s > 0 ? run.start_us + (gint64)(o->time_limit_s * 1e6) : 0;

    *r = (struct scenario_result){ .outcome = SCENARIO_MISUSED };
    if (!open_outputs(&run, o, r))
        return;
    run.sim = sim_new();
    sim_set_maker(run.sim, o->maker);
    struct script *script = make_script(&run, o, deadline_us);
    if (o->from && script_outcome(script) == SCENARIO_RUNNING)
        begin_from(o, script, &run);
    start_pace(&run);
    stuck_guard(deadline_us);
    run_to_end(o, script, &run, deadline_us);
    script_cases_wait(script);
    stuck_guard(0);
    collect_outputs(&run, o, script, r);
    int case_fd = script_case_fd(script);
    bool has_ticket = script_has_ticket(script);
    script_free(script);
    end_run(&run, r);
    if (case_fd < 0)
        return;
    scenario_result_send(case_fd, r); /* this process was forked for a case */
    if (has_ticket)
        jobs_release(o->jobs, o->holder);
    _exit(0);
}

struct scenario {
    struct script *script;
    struct sim *sim;
    char *folder; /* of its file */
    void (*hold)(void *user);
    void *hold_user;
};

static void on_hold(void *user)
{
    const struct scenario *s = user;

    s->hold(s->hold_user);
}

static void print_line(void *user, const char *line)
{
    (void)user;
    puts(line);
    fflush(stdout);
}

static void print_end(void *user)
{
    const struct scenario *s = user;

    if (script_outcome(s->script) == SCENARIO_PASSED)
        error_warn("the scenario passed at %.3f s", (double)sim_now(s->sim) / 1e9);
    else
        error_warn("%s", script_message(s->script));
}

struct scenario *scenario_start(const struct scenario_live *live, struct sim *sim)
{
    struct scenario *s = g_new0(struct scenario, 1);

    s->sim = sim;
    s->folder = g_path_get_dirname(live->path);
    s->hold = live->hold;
    s->hold_user = live->hold_user;
    s->script = script_new(
        sim, &(struct script_options){ .path = live->path,
                                       .seed = live->seed,
                                       .tape = live->tape ? tape_file_write : NULL,
                                       .tape_user = live->tape,
                                       .print = print_line,
                                       .done = print_end,
                                       .keeps_faults = true,
                                       .hold = live->hold ? on_hold : NULL,
                                       .user = s });
    script_start(s->script);
    if (script_outcome(s->script) == SCENARIO_FAILED ||
        script_outcome(s->script) == SCENARIO_MISUSED) {
        scenario_free(s);
        return NULL;
    }
    return s;
}

bool scenario_failed(const struct scenario *s)
{
    enum scenario_outcome outcome = script_outcome(s->script);
    return outcome == SCENARIO_FAILED || outcome == SCENARIO_MISUSED;
}

const char *scenario_meter_name(const struct scenario *s, const struct unit *unit)
{
    return script_meter_name(s->script, unit);
}

char *scenario_folder(const struct scenario *s)
{
    return g_strdup(s->folder);
}

void scenario_free(struct scenario *s)
{
    if (!s)
        return;
    script_free(s->script);
    g_free(s->folder);
    g_free(s);
}
