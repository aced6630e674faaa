/* metersim bench: how fast a complete meter runs, and where the time goes. Times are
 * wall times of this machine: read the ratios, not the absolute values. */
#include "sim/commands.h"
#include "sim/demo.h"
#include "sim/sim.h"
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MOST = 25, HARMONICS = 20 };

struct row {
    const char *id, *name, *unit;
    double value[RUNS_MOST];
};

static double seconds_since(gint64 start_us)
{
    return (double)(g_get_monotonic_time() - start_us) * 1e-6;
}

/* Twenty odd and even harmonics on all six channels, 1/h of the fundamental. */
static void add_harmonics(struct unit *u)
{
    struct waveform_grid grid = *waveform_grid(u->world);
    struct waveform_load load = *waveform_load(u->world);

    for (int k = 0; k < 3; k++)
        for (int h = 2; h <= HARMONICS; h++) {
            struct waveform_harmonics *v = &grid.harmonics[k], *i = &load.harmonics[k];
            v->item[v->count++] = (struct waveform_harmonic){ h, 2.0 / h, 10.0 * h };
            i->item[i->count++] = (struct waveform_harmonic){ h, 40.0 / h, 7.0 * h };
        }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
}

static struct unit *bench_unit(bool heavy)
{
    struct demo d;

    demo_default(&d);
    struct unit *u = demo_unit(&d, 0);
    if (heavy) {
        add_harmonics(u);
        unit_set_fault(u, FAULT_ADC_NOISE, -1, 12);
    }
    unit_advance(u, 2000000000);
    return u;
}

/* × real time of the complete way: world, sensors, ADC, metering, NVM. */
static double times_real_time(struct unit *u, int64_t sim_s)
{
    gint64 start = g_get_monotonic_time();

    unit_advance(u, u->now_ns + sim_s * 1000000000);
    return (double)sim_s / seconds_since(start);
}

static double fill_ns(struct unit *u, int blocks)
{
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    gint64 start = g_get_monotonic_time();

    for (int n = 0; n < blocks; n++)
        waveform_fill(u->world, WAVEFORM_BLOCK, x);
    return seconds_since(start) * 1e9 / blocks / WAVEFORM_BLOCK;
}

static double convert_ns(struct unit *u, int blocks)
{
    double world[WAVEFORM_CHANNELS][WAVEFORM_BLOCK],
        x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    int32_t codes[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];

    waveform_fill(u->world, WAVEFORM_BLOCK, world);
    gint64 start = g_get_monotonic_time();
    for (int n = 0; n < blocks; n++) {
        memcpy(x, world, sizeof x);
        sensors_convert(&u->sensors, WAVEFORM_BLOCK, x, codes);
    }
    return seconds_since(start) * 1e9 / blocks / WAVEFORM_BLOCK;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_row(struct row *row, int runs, bool json, bool first)
{
    qsort(row->value, (size_t)runs, sizeof *row->value, compare_doubles);
    double median = row->value[runs / 2], least = row->value[0],
           most = row->value[runs - 1];

    if (json)
        printf("%s  {\"id\": \"%s\", \"name\": \"%s\", \"unit\": \"%s\", \"median\": "
               "%.6g, "
               "\"min\": %.6g, \"max\": %.6g, \"runs\": %d}",
               first ? "" : ",\n", row->id, row->name, row->unit, median, least, most,
               runs);
    else
        printf("%-3s %-52s %10.4g  %9.4g … %-9.4g %s\n", row->id, row->name, median,
               least, most, row->unit);
}

static void measure(bool heavy, int runs, struct row *whole, struct row *fill,
                    struct row *convert)
{
    struct unit *u = bench_unit(heavy);
    const int64_t sim_s = heavy ? 300 : 1000;
    const int blocks = heavy ? 20000 : 60000;

    for (int n = 0; n < runs; n++) {
        whole->value[n] = times_real_time(u, sim_s);
        fill->value[n] = fill_ns(u, blocks);
        convert->value[n] = convert_ns(u, blocks);
    }
    unit_free(u);
}

int command_bench(int argc, char **argv)
{
    int runs = 5;
    gboolean json = FALSE;
    const GOptionEntry entries[] = { { "runs", 'n', 0, G_OPTION_ARG_INT, &runs,
                                       "Measure each row N times (1-25)", "N" },
                                     { "json", 0, 0, G_OPTION_ARG_NONE, &json,
                                       "An array of objects instead of a table", NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(
            &argc, &argv, "bench", "", entries,
            "Examples:\n  metersim bench\n  metersim bench --runs 11 --json\n"))
        return 2;
    runs = CLAMP(runs, 1, RUNS_MOST);
    struct row rows[6] = {
        { "a", "sine, balanced, linear sensors, complete path", "x real time", { 0 } },
        { "a1", "  of which the world, per sample set", "ns", { 0 } },
        { "a2", "  of which sensors and ADC, per sample set", "ns", { 0 } },
        { "b", "20 harmonics on six channels, ADC noise", "x real time", { 0 } },
        { "b1", "  of which the world, per sample set", "ns", { 0 } },
        { "b2", "  of which sensors and ADC, per sample set", "ns", { 0 } },
    };
    measure(false, runs, &rows[0], &rows[1], &rows[2]);
    measure(true, runs, &rows[3], &rows[4], &rows[5]);
    if (json)
        puts("[");
    else
        printf("%-3s %-52s %10s  %9s … %-9s (%d runs, one core)\n", "", "", "median",
               "least", "most", runs);
    for (int n = 0; n < 6; n++)
        print_row(&rows[n], runs, json, n == 0);
    if (json)
        puts("\n]");
    else
        puts("\nA second is 2520 sample sets of six channels; 10 000 x real time "
             "leaves 39.7 ns"
             "\nfor each. What a1 and a2 do not take is metering, NVM and time "
             "keeping.");
    return 0;
}
