/* Pacing: lets simulated time follow the wall clock, times a speed, or run as fast as
 * it can, as one source of a GLib loop. Sockets are served between its slices. */
#pragma once

#include "sim/plant/sim.h"
#include <glib.h>

struct pace;

#define PACE_MAX 0.0 /* speed: as fast as possible */

struct pace *pace_new(GMainContext *context, struct sim *sim, double speed);
void pace_free(struct pace *p);

/* Time that is held stands still until pace_go, but for what pace_advance asks for:
 * that runs as fast as it can. So a program can go step by step, and no client ever
 * waits for longer than the machine takes. pace_hold stops time at once, inside sim_run,
 * too, and forgets what pace_advance has asked for so far. */
void pace_hold(struct pace *p);
void pace_go(struct pace *p);
bool pace_held(const struct pace *p);
void pace_advance(struct pace *p, int64_t to_ns);

/* Time that is held goes on while wants(user) is true, too, in pieces of 100 ms, or less
 * where sim_stop says so. pace_wanted: it may have become true. */
void pace_set_wants(struct pace *p, bool (*wants)(void *user), void *user);
void pace_wanted(struct pace *p);

double pace_speed(const struct pace *p);
void pace_set_speed(struct pace *p, double speed);

/* How far simulated time was behind where it should be, in wall seconds, just before a
 * slice, so a slice's own period is part of it: the greatest since the last call, and
 * since the start. 0 at PACE_MAX. */
double pace_interval_lag_s(struct pace *p);
double pace_worst_lag_s(const struct pace *p);

/* Simulated seconds that were left out: the machine was too slow, or the process was
 * stopped for more than a second. */
double pace_lost_s(const struct pace *p);

/* For how long the process was stopped, in wall seconds, if it was since the last call;
 * else 0. That is no lag. */
double pace_stopped_s(struct pace *p);
