/* Currents or powers over time, from CSV: a heading, then one line per instant.
 *
 * Columns, in any order: `time` (seconds, H:MM or H:MM:SS, rising), `amps` (of each
 * phase) or `amps_a`, `amps_b`, `amps_c` or `kw_a`, `kw_b`, `kw_c`, and `pf` if wanted,
 * as in load { }: "0.9", "0.9 lead", below 0 exported; 1 without the column. `kw` alone
 * was of each phase, and will be of all together: in this version it is refused.
 * Negative amps or kw are export. Between two lines the phasor of the current, or P and
 * Q, go straight from one to the other. Blank lines and those that begin with # are
 * skipped. */
#pragma once

#include "waveform/waveform.h"
#include <stdio.h>

enum { PROFILE_POINTS = 100000, PROFILE_LINE = 1024, PROFILE_ERROR = 256 };

struct profile_point {
    double seconds;
    /* In phase with the voltage and a quarter turn ahead of it: amps, or kW and −kvar.
     */
    double re[WAVEFORM_PHASES], im[WAVEFORM_PHASES];
};

struct profile {
    bool kw;
    int count;
    struct profile_point *point;
};

/* NULL where the file is wrong; `error` then says "file:line: what". */
struct profile *profile_read(const char *path, char error[PROFILE_ERROR]);

/* The same of a file that is open and stays so; `name` stands in errors. */
struct profile *profile_read_open(FILE *file, const char *name,
                                  char error[PROFILE_ERROR]);
void profile_free(struct profile *p);

/* Phase k's value at time t, held before the first and after the last point. */
double profile_value(const struct profile *p, int k, bool im, double t);

/* The time of the next point after t; INFINITY: none. */
double profile_next(const struct profile *p, double t);
