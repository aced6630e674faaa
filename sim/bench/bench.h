/* What the files of `metersim bench` share: the table. Each row is a letter of the
 * table in docs/benchmarks.md, with a number where it is one of several. */
#ifndef SIM_BENCH_BENCH_H
#define SIM_BENCH_BENCH_H

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

/* CPU time of this thread: what one core does, whoever else wants it. */
gint64 bench_cpu_ns(void);
double bench_cpu_seconds_since(gint64 start_ns);

/* a to d and f: meters, as fast as one core goes; f also with two. */
void bench_sine(struct bench *b);
void bench_harmonics(struct bench *b);
void bench_saturation(struct bench *b);
void bench_motion(struct bench *b);
void bench_recording(struct bench *b);
void bench_fleets(struct bench *b);

/* e: an RS-485 line in simulated time. */
void bench_line(struct bench *b);

/* g: Modbus TCP, beside libmodbus. */
void bench_tcp(struct bench *b);

/* h, i: the program itself, and the scenarios that come with it. */
void bench_start(struct bench *b);
void bench_scenarios(struct bench *b);

#endif
