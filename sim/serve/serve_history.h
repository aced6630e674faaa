/* serve --history: the world of the meter is a log's. */
#pragma once

#include "sim/history/history_options.h"
#include "sim/plant/demo.h"
#include "sim/plant/sim.h"

struct serve_history;

/* Reads the log and fits what the demo leaves open to it (0: CT, volts). NULL with
 * *error set. */
struct serve_history *serve_history_open(const char *path,
                                         const struct history_texts *texts,
                                         struct demo *d, GError **error);

/* The first row begins now, for the simulation's first unit. */
void serve_history_start(struct serve_history *s, struct sim *sim,
                         const struct demo *d);

/* How the log was read goes to standard output. */
void serve_history_print(const struct serve_history *s);

void serve_history_free(struct serve_history *s); /* NULL is allowed; before the sim */
