/* A scenario: a script with a simulation of its own (scenario_run, for tests), or one
 * that drives a simulation that somebody else runs (scenario_start, for live meters).
 */
#pragma once

#include "sim/record/scenario_result.h"
#include <stdbool.h>

struct device_maker;
struct jobs;
struct sim;
struct tape_file;
struct unit;

struct scenario_options {
    const char *path;
    uint64_t seed;
    double speed;        /* simulated seconds per second; 0: as fast as possible */
    double time_limit_s; /* of wall time; 0: none */
    int64_t step_limit;  /* as in script.h */
    size_t memory_limit;
    double simulated_limit_s; /* of simulated time; 0: none */
    /* Points that want more simulated time, more than a meter, or a switch that the
     * device has not are skipped. 0: nothing is. */
    double at_most_s;
    const char *tape;   /* file, "-" for the hash alone, or NULL */
    const char *from;   /* snapshot that it begins with (state_file.h), or NULL */
    const char *save;   /* file for its state at the end, if all passes, or NULL */
    const char *record; /* folder of record.h, or NULL */
    double record_from_s, record_to_s; /* of COMTRADE */
    const char *screenshots;           /* folder; NULL: that of the record's, or none */
    const char *cases; /* those to run, as --filter says them; NULL: all */
    const struct device_maker *maker; /* NULL: the linked core */
    struct jobs *jobs; /* jobs.h; NULL: its cases run one after the other */
    int holder;
    bool report;  /* wants the section of a page (report.h) … */
    int pictures; /* … with so many of the panel at most */
};

/* Runs it from the start to the end. The result is to be cleared. */
void scenario_run(const struct scenario_options *options,
                  struct scenario_result *result);
struct scenario;

struct scenario_live {
    const char *path;
    uint64_t seed;
    void (*hold)(void *user); /* stops time, for the verb; NULL: the verb is refused */
    void *hold_user;
    struct tape_file *tape; /* of its only meter, or NULL */
};

/* Runs the script up to its first wait in `sim`; it goes on as sim does. What it prints
 * goes to stdout, how it ends to stderr. NULL when it does not get to its first wait;
 * stderr has the reason. */
struct scenario *scenario_start(const struct scenario_live *live, struct sim *sim);

/* Has an expectation failed, or the script gone wrong, by now? */
bool scenario_failed(const struct scenario *s);

/* The name that the script gave to the meter; NULL: it did not make it. */
const char *scenario_meter_name(const struct scenario *s, const struct unit *unit);

/* Where its file lies; to be freed with g_free. */
char *scenario_folder(const struct scenario *s);

/* Before sim_free. NULL is allowed. */
void scenario_free(struct scenario *s);
