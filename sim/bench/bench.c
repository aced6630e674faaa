/* metersim bench: the table of benchmarks. Rows a to g are in CPU time, which is what one
 * core does, whoever else wants it; h, i and latencies are in wall time. Read medians and
 * spread, and ratios rather than values. */
#include "sim/bench/bench.h"
#include "sim/plant/sim.h"
#include "sim/program/commands.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    char letter;
    void (*run)(struct bench *b);
} parts[] = {
    { 'a', bench_meters }, { 'e', bench_line },  { 'f', bench_fleets },
    { 'g', bench_tcp },    { 'h', bench_start }, { 'i', bench_scenarios },
};

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
    if (row->runs < BENCH_RUNS_MOST)
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

static void print_json(struct bench_row *row, bool first)
{
    double median = bench_median(row);

    printf("%s  {\"id\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"median\": %.6g, "
           "\"min\": %.6g, \"max\": %.6g, \"runs\": %d}",
           first ? "" : ",\n", row->id, row->name + strspn(row->name, " "), row->unit,
           median, row->value[0], row->value[row->runs - 1], row->runs);
}

static void print_row(struct bench_row *row)
{
    double median = bench_median(row);

    printf("%-6s %-58s %9.4g  %8.4g … %-8.4g %s\n", row->id, row->name, median,
           row->value[0], row->value[row->runs - 1], row->unit);
}

/* What one can reckon with, from the sizes of this build and the rates of the meter. */
static void print_limits(void)
{
    const double sets = HAL_SAMPLE_RATE, state = sizeof(struct unit) + 9e3 + 3e3;

    printf(
        "\nWhat is reckoned with: a second is %.0f sample sets of six channels; 10 000 "
        "x "
        "leaves %.1f ns a set.\n"
        "A set costs about 330 instructions of the core (docs/benchmarks.md), 6 x 1.4 "
        "multiplications per spectral line\nfor the world, 6 additions, comparisons "
        "and "
        "roundings for the ADC; a noisy one 6 x 9 more.\n"
        "A meter's state is %.0f KiB (unit %.1f KiB, its world the rest) and passes "
        "through the cache once a step of\n250 ms: 1000 live meters move %.0f MB/s. "
        "Where the time goes: a1, a2 and the rest of a (metering, NVM, time "
        "keeping).\n",
        sets, 1e9 / sets / 10000, state / 1024, sizeof(struct unit) / 1024.0,
        state * 1000 * 4 * 2 / 1e6);
}

static void print_table(struct bench *b, bool json)
{
    bool first = true;

    if (json)
        puts("[");
    else
        printf("%-6s %-58s %9s  %8s … %-8s (%d runs)\n", "", "", "median", "least",
               "most", b->runs);
    for (guint n = 0; n < b->rows->len; n++) {
        struct bench_row *row = g_ptr_array_index(b->rows, n);
        if (row->runs == 0)
            continue; /* why has been said */
        if (json)
            print_json(row, first);
        else
            print_row(row);
        first = false;
    }
    if (json)
        puts("\n]");
    else
        print_limits();
}

/* b to d are measured with a, as they are of one kind. */
static bool is_wanted(const struct bench *b, char letter)
{
    return !b->only || strchr(b->only, letter) ||
           (letter == 'a' && strpbrk(b->only, "bcd") != NULL);
}

int command_bench(int argc, char **argv)
{
    struct bench b = { .runs = 5 };
    char *only = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = { { "runs", 'n', 0, G_OPTION_ARG_INT, &b.runs,
                                       "Measure each row N times (1-25)", "N" },
                                     { "only", 0, 0, G_OPTION_ARG_STRING, &only,
                                       "Only these rows: letters a to i", "LETTERS" },
                                     { "json", 0, 0, G_OPTION_ARG_NONE, &json,
                                       "An array of objects instead of a table", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(
            &argc, &argv, "bench", "", entries,
            "Examples:\n  metersim bench\n  metersim bench --only ag --runs 11\n"
            "  metersim bench --json\n"))
        return 2;
    if (argc > 1 || (only && (!*only || strspn(only, "abcdefghi") != strlen(only)))) {
        fputs("metersim bench: no arguments, and --only takes letters a to i\n",
              stderr);
        return 2;
    }
    b.runs = CLAMP(b.runs, 1, BENCH_RUNS_MOST);
    b.only = only;
    b.rows = g_ptr_array_new_with_free_func(g_free);
    for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
        if (is_wanted(&b, parts[k].letter))
            parts[k].run(&b);
    print_table(&b, json);
    g_ptr_array_unref(b.rows);
    g_free(only);
    return 0;
}
