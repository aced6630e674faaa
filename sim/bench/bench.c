/* metersim bench: the table of benchmarks. Rows a to g, j and k are in CPU time, which is
 * what one core does, whatever else runs; f.w1, f.w2, h, i and latencies are in wall
 * time. Read medians and spread, and ratios rather than values. */
#include "sim/bench/bench.h"
#include "sim/plant/sim.h"
#include "sim/program/commands.h"
#include <stdio.h>
#include <string.h>

static const struct {
    char letter;
    void (*run)(struct bench *b);
    const char *text;
} parts[] = {
#define X(letter, function, text) { letter, bench_##function, text },
#include "sim/bench/bench_parts.def"
#undef X
};

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

/* What one can reckon with, from the rates of the meter and what it may allocate
 * (tests/sim/test_memory.c holds that). */
static void print_limits(void)
{
    const double sets = HAL_SAMPLE_RATE, state = 18 * 1024;

    printf(
        "\nWhat is reckoned with: a second is %.0f sample sets of six channels; 10 000 "
        "x "
        "leaves %.1f ns a set.\n"
        "A set costs about 330 instructions of the core (docs/benchmarks.md), 6 x 1.4 "
        "multiplications per spectral line\nfor the world, 6 additions, comparisons "
        "and "
        "roundings for the ADC; a noisy one 6 x 9 more.\n"
        "A meter's state is at most %.0f KiB and passes through the cache once a step "
        "of 250 ms:\n1000 live meters move %.0f MB/s. "
        "Where the time goes: a1, a2 and the rest of a (metering, NVM, time "
        "keeping).\n",
        sets, 1e9 / sets / 10000, state / 1024, state * 1000 * 4 * 2 / 1e6);
}

static void print_table(struct bench *b, bool json)
{
    bool first = true;

    if (json)
        puts("[");
    else
        printf("%-6s %-58s %9s  %8s … %-8s (%d runs)\n", "", "", "median", "min", "max",
               b->runs);
    for (guint n = 0; n < b->rows->len; n++) {
        struct bench_row *row = g_ptr_array_index(b->rows, n);
        if (row->runs == 0)
            continue; /* a warning has said why */
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

/* The letters, from the table. */
static char *help_text(void)
{
    GString *text = g_string_new("Rows:\n");

    for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
        g_string_append_printf(text, "  %c  %s\n", parts[k].letter, parts[k].text);
    g_string_append(text, "\nExamples:\n"
                          "  metersim bench\n"
                          "  metersim bench --only ag --runs 11\n"
                          "  metersim bench --json\n");
    return g_string_free(text, FALSE);
}

/* Letters of the table and no others. */
static bool are_letters(const char *only)
{
    for (const char *at = only; *at; at++) {
        size_t k = 0;
        while (k < G_N_ELEMENTS(parts) && parts[k].letter != *at)
            k++;
        if (k == G_N_ELEMENTS(parts))
            return false;
    }
    return *only != '\0';
}

static bool check(int arguments, const struct bench *b, const char *only,
                  GError **error)
{
    const char last = parts[G_N_ELEMENTS(parts) - 1].letter;

    if (arguments > 0)
        return error_set_usage(error, "it takes no arguments");
    if (only && !are_letters(only))
        return error_set(error,
                         "--only takes letters from %c to %c, such as %c%c; not '%s'",
                         parts[0].letter, last, parts[0].letter, last, only);
    return command_in_range("runs", b->runs, 1, BENCH_RUNS_MAX, error);
}

static void run_parts(struct bench *b, const char *only)
{
    b->rows = g_ptr_array_new_with_free_func(g_free);
    for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
        if (!only || strchr(only, parts[k].letter))
            parts[k].run(b);
}

int command_bench(int argc, char **argv, GError **error)
{
    struct bench b = { .runs = 5 };
    char *only = NULL, *help = help_text();
    gboolean json = FALSE;
    const GOptionEntry entries[] = { { "runs", 'n', 0, G_OPTION_ARG_INT, &b.runs,
                                       "Measure each row N times (1-25); default 5",
                                       "N" },
                                     { "only", 0, 0, G_OPTION_ARG_STRING, &only,
                                       "Only these rows, such as ag", "LETTERS" },
                                     { "json", 0, 0, G_OPTION_ARG_NONE, &json,
                                       "An array of objects instead of a table", NULL },
                                     G_OPTION_ENTRY_NULL };
    int code = 2;

    if (command_options(&argc, &argv, "", entries, help, error) &&
        check(argc - 1, &b, only, error)) {
        run_parts(&b, only);
        print_table(&b, json);
        g_ptr_array_unref(b.rows);
        code = 0;
    }
    g_free(only);
    g_free(help);
    return code;
}
