/* Rows and clocks of metersim bench. See bench_rows.h. */
#include "sim/bench/bench_rows.h"
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

double bench_seconds_since(gint64 start_us)
{
    return (double)(g_get_monotonic_time() - start_us) * 1e-6;
}

gint64 bench_cpu_ns(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * G_GINT64_CONSTANT(1000000000) + t.tv_nsec;
}

double bench_cpu_seconds_since(gint64 start_ns)
{
    return (double)MAX(bench_cpu_ns() - start_ns, 1) * 1e-9;
}

struct bench_row *bench_row(struct bench *b, const char *id, const char *unit,
                            const char *name, ...)
{
    struct bench_row *row = g_new0(struct bench_row, 1);
    va_list args;

    row->id = id;
    row->unit = unit;
    va_start(args, name);
    g_vsnprintf(row->name, sizeof row->name, name, args);
    va_end(args);
    g_ptr_array_add(b->rows, row);
    return row;
}

void bench_add(struct bench_row *row, double value)
{
    if (row->runs < BENCH_RUNS_MAX)
        row->value[row->runs++] = value;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double bench_median(struct bench_row *row)
{
    qsort(row->value, (size_t)row->runs, sizeof *row->value, compare_doubles);
    return row->runs ? row->value[row->runs / 2] : 0;
}
