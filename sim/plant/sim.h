/* Simulated time. sim_run is the only place that advances it: units go forward together
 * to the next event, events run, and so on. Outside inputs are served between calls.
 * Pacing to the wall clock is separate (pace.h). */
#pragma once

#include "hal_sim/unit.h"
#include "sim/plant/nvm_file.h"
#include <stdint.h>

struct sim;
struct others;

typedef void (*sim_event)(void *user);

struct sim *sim_new(void);
/* Frees the units, too. */
void sim_free(struct sim *s);

int64_t sim_now(const struct sim *s); /* ns since the start */

/* Hands a unit over. Units advance in the order in which they came. */
void sim_add_unit(struct sim *s, struct unit *u);

/* Units, present and to come, stop one by one at a failed assertion (unit_guard). */
void sim_guard_units(struct sim *s);

int sim_unit_count(const struct sim *s);

/* The unit, as it is now: brought to sim_now first if it was behind (sim_set_slack). To
 * be asked for at every look from outside of events. */
struct unit *sim_unit(const struct sim *s, int index);

/* Brings all units to sim_now, for whoever goes on to use units that he has in hand. */
void sim_settle(struct sim *s);

/* Threads that advance units; 1 is what a simulation begins with. What units do is the
 * same for any number. */
void sim_set_workers(struct sim *s, int count);

/* For many live meters: at the end of sim_run a unit may be behind by up to slack_ns,
 * until it is asked for; sim_run then advances a few units by a long step instead of
 * all by a short one. Events find all units at their time. 0, the usual, is none. */
void sim_set_slack(struct sim *s, int64_t slack_ns);

/* Lines (line.h) between its units; freed before them. */
struct line;
void sim_add_line(struct sim *s, struct line *l, void (*free_line)(struct line *l));
struct line *sim_line(const struct sim *s, int index); /* NULL beyond the last */
/* Gateways (sim/bridge) before those lines; freed before them. */
struct bridge;
void sim_add_bridge(struct sim *s, struct bridge *b,
                    void (*free_bridge)(struct bridge *));
struct bridge *sim_bridge(const struct sim *s, int index); /* NULL beyond the last */
/* Units without a line will have one as soon as the program is ready. */
void sim_expect_line(struct sim *s, bool expected);
bool sim_expects_line(const struct sim *s);
/* … and lines without a gateway one. */
void sim_expect_bridge(struct sim *s, bool expected);
bool sim_expects_bridge(const struct sim *s);

/* From now on units keep their FRAM in this file, which outlives the simulation. */
void sim_set_nvm(struct sim *s, struct nvm_file *file);

/* What makes the devices of units to come; NULL, at first: the linked core. */
void sim_set_maker(struct sim *s, const struct device_maker *maker);
const struct device_maker *sim_maker(const struct sim *s);

/* FRAM for the next unit: NULL, when each has its own. False when the file has no room.
 */
bool sim_next_nvm(struct sim *s, uint32_t serial, const struct board_nvm **nvm,
                  GError **error);

/* Calls event(user) when simulated time reaches at_ns (at once when it is past, but
 * never before sim_run is entered); equal times run in the order of asking. Returns an
 * id > 0 for sim_cancel. */
uint64_t sim_at(struct sim *s, int64_t at_ns, sim_event event, void *user);
void sim_cancel(struct sim *s, uint64_t id);

/* The units have been put back (or on) to now_ns, and simulated time follows. What
 * waits keeps the time that it still has to wait. */
void sim_move_to(struct sim *s, int64_t now_ns);

/* Advances to to_ns, running every event on the way. An event may call sim_stop: then
 * sim_run returns at that instant, as it does when the program ends. */
void sim_run(struct sim *s, int64_t to_ns);
void sim_stop(struct sim *s);

/* Whom a long computation must not keep waiting (others.h). NULL: nobody. */
void sim_set_others(struct sim *s, bool (*serve)(void *user), void *user);
struct others *sim_others(const struct sim *s);
