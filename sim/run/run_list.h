/* The list of scenarios of `metersim run`. */
#pragma once

#include "sim/run/scenario.h"
#include <glib.h>
#include <stdbool.h>

/* Of a pass without any expectation. */
#define RUN_NOTHING_EXPECTED "nothing was expected, so nothing was tested"

struct run_item {
    char *path;
    char *name;                 /* the path without .lua, and which repetition */
    char *record, *screenshots; /* folders, or NULL */
    const char
        *command; /* that makes it again; NULL: metersim run, with seed and path */
    struct scenario_options options;
    struct scenario_result result;
    bool done;
};

/* Appends `struct run_item *` for a file, or for every .lua below a folder, sorted.
 * False and an error when that cannot be. */
bool run_list_add(GPtrArray *items, const char *path, GError **error);
GPtrArray *run_list_new(void);

/* Keeps those whose name contains the text; of "SCENARIO: CASE", the first part. The
 * other, which is of their cases, or NULL. */
const char *run_list_filter(GPtrArray *items, const char *text);

/* Keeps those whose place in the order of names is `index` modulo `count`. */
void run_list_shard(GPtrArray *items, int index, int count);

/* Every item `count` times, with seeds that follow one another by `step`. */
void run_list_repeat(GPtrArray *items, int count, int step);

/* Do all repetitions of a scenario and of its cases have the same tape? Counts the
 * scenarios' tapes and the different ones. */
bool run_list_same_tapes(const GPtrArray *items, guint *tapes, guint *different);

/* A folder for each, by its file's name, in those for records and for pictures; NULL:
 * it has none. */
void run_list_folders(GPtrArray *items, const char *record, const char *screenshots);
