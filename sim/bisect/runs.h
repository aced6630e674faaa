/* What bisect is given: a tape as it stands, or a scenario, of which it makes one in a
 * folder of its own; with what the scenario did, from its record. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct run_input {
    const char *path; /* as the user names it */
    uint64_t seed;    /* of a scenario */
    char *tape;       /* where it is */
    char *events;     /* the events of the scenario; NULL: this is a tape */
};

bool run_input_is_scenario(const char *path);

/* Runs the scenarios of the `count` inputs, two at a time, with their files below the
 * folder. False with *error set when one cannot be run to its end; an expectation that
 * fails is told, and is no error. */
bool runs_make(struct run_input *inputs, int count, const char *folder, GError **error);
void runs_clear(struct run_input *inputs, int count);

/* What the scenario did to the world, its meters and its settings until then: the last
 * lines (g_free), or NULL with *error set. */
char *run_input_events(const struct run_input *input, double until_s, GError **error);
