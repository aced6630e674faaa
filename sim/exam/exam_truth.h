/* What the registers of all units have been: each reading of the model over simulated
 * time, as the meter itself gives it. */
#pragma once

#include "sim/field/register_list.h"
#include "sim/plant/sim.h"
#include <glib.h>

enum { EXAM_UNITS = 2 };

/* The readings of a model, as `struct register_entry`. */
GArray *exam_entries_new(const struct model *model);
/* By register or by name; -1: none. */
int exam_entry_of_register(const GArray *entries, int reg);
int exam_entry_of_name(const GArray *entries, const char *name);

struct exam_truth;

/* Follows the units of a simulation, which it must not outlive, from now on. */
struct exam_truth *exam_truth_new(struct sim *sim, const GArray *entries);
void exam_truth_free(struct exam_truth *t);

struct exam_range {
    double min, max; /* of the numbers that there were; NaN: none */
    double step;     /* the coarsest of the register's steps; 0 of a float */
};

/* From …to (ns) inclusive, of the meter with this Modbus address. */
struct exam_range exam_truth_range(const struct exam_truth *t, int unit, int entry,
                                   int64_t from_ns, int64_t to_ns);

/* The times at which the reading changed, the newest first; -1 beyond the first. The
 * value that it had from then on. */
int64_t exam_truth_change(const struct exam_truth *t, int unit, int entry, int back,
                          double *value, double *step);
