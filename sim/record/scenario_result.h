/* What came of a scenario and of its cases, for whoever reports it: TAP, JUnit, the page
 * of HTML; and as bytes, for the pipes between processes. */
#pragma once

#include "sim/record/tape_file.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum scenario_outcome {
    SCENARIO_RUNNING,
    SCENARIO_PASSED,
    SCENARIO_FAILED,  /* an expectation was not met */
    SCENARIO_MISUSED, /* the script is wrong, or went beyond a limit */
    SCENARIO_SKIPPED  /* not for this run: `message` says why */
};

struct scenario_result {
    enum scenario_outcome outcome;
    char *message, *log; /* never NULL */
    char *notice;        /* what a record left out, or NULL */
    char *section;       /* of a report, or NULL */
    int64_t checks;
    bool only_cases; /* --filter asks for cases: it is none of those itself */
    double simulated_s, wall_s;
    char tape_hash[TAPE_FILE_HASH]; /* "" without a tape */
    GPtrArray *cases;               /* struct scenario_case *, or NULL */
};

/* A part of a scenario that reports for itself (script_case.c). Its times, checks and
 * log are its own; its tape begins with the scenario's. */
struct scenario_case {
    char *name;
    int number; /* among all cases of the scenario, from 1 */
    struct scenario_result result;
};

/* An array that frees its cases. */
GPtrArray *scenario_cases_new(void);

void scenario_result_clear(struct scenario_result *result);

/* Fills in a result: misuse, with this message, which it owns. */
void scenario_result_wrong(struct scenario_result *result, char *message);

/* A scenario that only prepares its cases is no test of its own, nor is one of which
 * only cases are asked for, unless it fails. */
bool scenario_result_is_point(const struct scenario_result *result);

/* Through a pipe. False: the bytes are not one whole result. */
void scenario_result_send(int fd, const struct scenario_result *result);
bool scenario_result_receive(const GByteArray *bytes, struct scenario_result *result);
