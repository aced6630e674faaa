/* A scenario from start to end. See scenario.h. Time goes on in slices of 0.1 s at
 * every speed, so that pacing changes nothing in what the meters see. */
#include "sim/scenario.h"
#include "sim/scenario_watch.h"
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

enum { SLICE_NS = 100000000 };

static void stop_sim(void *user)
{
    sim_stop(user);
}

/* Sleeps until simulated time is due. */
static void pace(const struct scenario_options *o, const struct sim *sim,
                 gint64 start_us)
{
    if (o->speed <= 0)
        return;
    double due_us = (double)sim_now(sim) / 1000.0 / o->speed;
    double ahead_us = due_us - (double)(g_get_monotonic_time() - start_us);
    if (ahead_us > 0)
        g_usleep((gulong)ahead_us);
}

static void run_to_end(const struct scenario_options *o, struct script *script,
                       struct sim *sim, gint64 start_us, gint64 deadline_us)
{
    script_start(script);
    while (script_outcome(script) == SCRIPT_RUNNING) {
        if (deadline_us && g_get_monotonic_time() > deadline_us) {
            script_stop(script,
                        "stopped by the time limit of %g s, at %.3f s simulated",
                        o->time_limit_s, (double)sim_now(sim) / 1e9);
            return;
        }
        sim_run(sim, sim_now(sim) / SLICE_NS * SLICE_NS + SLICE_NS);
        pace(o, sim, start_us);
    }
}

static void take_result(const struct script *script, const struct sim *sim,
                        gint64 start_us, struct scenario_result *r)
{
    r->outcome = script_outcome(script);
    r->message = g_strdup(script_message(script));
    r->log = g_strdup(script_log(script));
    r->checks = script_checks(script);
    r->simulated_s = (double)sim_now(sim) / 1e9;
    r->wall_s = (double)(g_get_monotonic_time() - start_us) / 1e6;
}

static void misuse(struct scenario_result *r, char *message)
{
    if (r->outcome == SCRIPT_FAILED)
        g_free(message);
    else {
        g_free(r->message);
        r->outcome = SCRIPT_MISUSED;
        r->message = message;
    }
}

static void close_tape(struct tape_file *tape, const char *path, int meters,
                       struct scenario_result *r)
{
    int error = tape_file_close(tape, r->tape_hash);

    if (error)
        misuse(r, g_strdup_printf("tape %s: %s", path, strerror(error)));
    else if (meters == 0 && r->outcome == SCRIPT_PASSED)
        misuse(r, g_strdup("the scenario makes no meter, so there is no tape"));
}

void scenario_run(const struct scenario_options *o, struct scenario_result *r)
{
    gint64 start_us = g_get_monotonic_time();
    gint64 deadline_us =
        o->time_limit_s > 0 ? start_us + (gint64)(o->time_limit_s * 1e6) : 0;
    struct tape_file *tape = o->tape ? tape_file_open(o->tape) : NULL;

    *r = (struct scenario_result){ .outcome = SCRIPT_MISUSED };
    if (o->tape && !tape) {
        r->message = g_strdup_printf("tape %s: %s", o->tape, strerror(errno));
        r->log = g_strdup("");
        return;
    }
    struct scenario_watch *watch = scenario_watch_open(o, &r->message);
    if (r->message) {
        r->log = g_strdup("");
        if (tape)
            tape_file_close(tape, r->tape_hash);
        return;
    }
    struct sim *sim = sim_new();
    struct script *script = script_new(
        sim, &(struct script_options){ .path = o->path,
                                       .seed = o->seed,
                                       .step_limit = o->step_limit,
                                       .memory_limit = o->memory_limit,
                                       .deadline_us = deadline_us,
                                       .tape = tape ? tape_file_write : NULL,
                                       .tape_user = tape,
                                       .observer = scenario_watch_observer(watch),
                                       .done = stop_sim,
                                       .user = sim });
    run_to_end(o, script, sim, start_us, deadline_us);
    take_result(script, sim, start_us, r);
    int meters = sim_unit_count(sim);
    char *problem = scenario_watch_close(watch, r);
    if (problem)
        misuse(r, problem);
    script_free(script);
    sim_free(sim);
    if (tape)
        close_tape(tape, o->tape, meters, r);
}

void scenario_result_clear(struct scenario_result *r)
{
    g_free(r->message);
    g_free(r->log);
    g_free(r->notice);
    r->message = r->log = r->notice = NULL;
}

struct scenario {
    struct script *script;
    struct sim *sim;
};

static void print_line(void *user, const char *line)
{
    (void)user;
    puts(line);
    fflush(stdout);
}

static void print_end(void *user)
{
    const struct scenario *s = user;

    if (script_outcome(s->script) == SCRIPT_PASSED)
        fprintf(stderr, "scenario: passed at %.3f s\n", (double)sim_now(s->sim) / 1e9);
    else
        fprintf(stderr, "scenario: %s\n", script_message(s->script));
}

struct scenario *scenario_start(const char *path, struct sim *sim, uint64_t seed)
{
    struct scenario *s = g_new0(struct scenario, 1);

    s->sim = sim;
    s->script = script_new(sim, &(struct script_options){ .path = path,
                                                          .seed = seed,
                                                          .print = print_line,
                                                          .done = print_end,
                                                          .user = s });
    script_start(s->script);
    if (script_outcome(s->script) == SCRIPT_FAILED ||
        script_outcome(s->script) == SCRIPT_MISUSED) {
        scenario_free(s);
        return NULL;
    }
    return s;
}

bool scenario_failed(const struct scenario *s)
{
    enum script_outcome outcome = script_outcome(s->script);
    return outcome == SCRIPT_FAILED || outcome == SCRIPT_MISUSED;
}

void scenario_free(struct scenario *s)
{
    if (!s)
        return;
    script_free(s->script);
    g_free(s);
}
