/* One Lua script that drives a simulation. The script is a coroutine: its waits are
 * events of simulated time (sim.h), so whoever calls sim_run lets it go on. It sees the
 * verbs of script_verbs.h and a safe part of Lua's library, nothing else. */
#pragma once

#include "hal_sim/tape.h"
#include "sim/plant/sim.h"
#include "sim/record/scenario_result.h"
#include <glib.h>
#include <stddef.h>

struct jobs;
struct observer;
struct store;

struct script_options {
    const char *path;    /* NULL: a console's, see script_console.h */
    const char *folder;  /* of a console's files, or NULL; else that of path */
    uint64_t seed;       /* of random numbers and noise */
    int64_t step_limit;  /* Lua instructions between two waits; 0: the default */
    size_t memory_limit; /* bytes; 0: the default */
    int64_t deadline_us; /* of g_get_monotonic_time; 0: none */
    tape_sink tape;      /* of the only meter, or NULL */
    void *tape_user;
    struct observer *observer; /* NULL: nobody looks on */
    /* Called for each line printed and, once, at the end; either may be NULL. `done` is
     * called inside sim_run. */
    void (*print)(void *user, const char *line);
    void (*done)(void *user);
    /* Called in the process that a case has of its own (script_case.c), with the case's
     * number from 1. NULL: this script cannot have cases. */
    void (*forked)(void *user, int number, const char *name);
    bool skips_cases;  /* the scenario goes on as if no case had been */
    const char *cases; /* those to run, as --filter says them; NULL: all */
    struct jobs *jobs; /* jobs.h; NULL: its cases run one after the other */
    int holder;
    /* Told by how much simulated time has moved, below 0, when a state was put back
     * (script_save.c). NULL: this script cannot. */
    void (*restored)(void *user, int64_t by_ns);
    bool keeps_end;    /* for script_end_state */
    bool keeps_faults; /* in force when the script has passed */
    /* Why the script may not wait until then (it ends, skipped), or NULL. NULL: it may
     * always. */
    const char *(*refuses)(void *user, int64_t at_ns);
    bool skips; /* so it ends at a second meter, and at a switch that no device has */
    /* Told each moment that something waits for; may be NULL. */
    void (*waits)(void *user, int64_t at_ns);
    /* Stops time, for the verb hold. NULL: nobody could let it go on, so the verb is
     * refused. */
    void (*hold)(void *user);
    const char *screenshots; /* folder, made when there is one; NULL: none are taken */
    void *user;
};

enum { SCRIPT_STEP_LIMIT = 50000000, SCRIPT_MEMORY_LIMIT = 64 << 20 };

struct script;

/* Reads and compiles the file; what is wrong with it is in the outcome. */
struct script *script_new(struct sim *sim, const struct script_options *options);

/* Before sim_free: recordings that play are taken out of the world. */
void script_free(struct script *s);

/* Runs the script up to its first wait. */
void script_start(struct script *s);

/* Ends it now as misuse: the format's text is the message. */
void script_stop(struct script *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum scenario_outcome script_outcome(const struct script *s);

/* Why it failed, in lines without an end of line at the end; "" while it is well. */
const char *script_message(const struct script *s);

/* The name of the meter; NULL when this script did not make it. */
const char *script_meter_name(const struct script *s, const struct unit *unit);

/* What it printed, and the number of expectations that were checked. */
const char *script_log(const struct script *s);
int64_t script_checks(const struct script *s);

/* Its cases so far: `struct scenario_case *`, see scenario_result.h. */
GPtrArray *script_cases(const struct script *s);

/* Screenshots that were asked for and not taken. */
int script_screenshots_missed(const struct script *s);

/* Are only cases asked for? */
bool script_only_cases(const struct script *s);

/* Waits for the cases that run beside the script. Before their results are used. */
void script_cases_wait(struct script *s);

/* A ticket of jobs.h that this process is to give back. */
bool script_has_ticket(const struct script *s);

/* With keeps_end, after the script has passed: the state at its end, faults in force
 * included. NULL and an error when there is none. */
const struct store *script_end_state(const struct script *s, GError **error);

/* Between script_new and script_start: its meters are those of the state, in the global
 * `meters`; simulated time is the state's. */
bool script_begin_from(struct script *s, struct store *state, GError **error);

/* In the process of a case: where its result goes to. Otherwise -1. */
int script_case_fd(const struct script *s);
