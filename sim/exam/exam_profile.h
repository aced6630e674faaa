/* What a client claims to record: its names, the readings that they are, its units and
 * scales. Without a file the names are those of `metersim registers s4100`, and register
 * numbers (base 1). */
#pragma once

#include "sim/exam/exam_truth.h"

struct exam_point {
    char *name;
    int unit;         /* of which unit alone; 0: its records say which */
    int entry[2];     /* the reading's registers: any may be what is read; -1: none */
    double scale;     /* what it records ÷ the reading in the register list's units */
    double tolerance; /* of the recorded value, besides the register's step */
    double age_s;     /* how old a value may be when it is recorded */
};

struct exam_profile {
    const GArray *entries; /* of struct register_entry */
    GArray *points;        /* of struct exam_point */
};

/* path NULL: the register list's names. NULL with *error set. A file is CSV with the
 * columns name, register (a number or a name), and optionally unit, scale, tolerance,
 * age_s. */
struct exam_profile *exam_profile_new(const char *path, const GArray *entries,
                                      GError **error);
void exam_profile_free(struct exam_profile *p);

/* -1: the name is none that the client claims to record. */
int exam_profile_find(const struct exam_profile *p, const char *name, int unit);

const struct exam_point *exam_profile_point(const struct exam_profile *p, int index);

/* Of the point's first register. */
const struct register_entry *exam_profile_entry(const struct exam_profile *p,
                                                int index);
