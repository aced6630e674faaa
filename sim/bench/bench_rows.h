/* The rows of `metersim bench`, and the clocks that fill them. An id is a letter of the
 * table in docs/benchmarks.md, with a number where there are several. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { BENCH_RUNS_MAX = 25, BENCH_NAME = 72 };

struct bench_row {
    const char *id, *unit;
    char name[BENCH_NAME];
    int runs;
    double value[BENCH_RUNS_MAX];
};

struct bench {
    int runs;
    GPtrArray *rows; /* struct bench_row */
};

/* A new row, to be filled by bench_add; id and unit are kept. */
struct bench_row *bench_row(struct bench *b, const char *id, const char *unit,
                            const char *name, ...) G_GNUC_PRINTF(4, 5);
void bench_add(struct bench_row *row, double value);
double bench_median(struct bench_row *row);

double bench_seconds_since(gint64 start_us);

/* CPU time of this thread: what one core does, whatever else runs. */
gint64 bench_cpu_ns(void);
double bench_cpu_seconds_since(gint64 start_ns);
