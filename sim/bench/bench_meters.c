/* Rows a to d, f and j: meters as fast as one core goes. The complete path: world,
 * sensors, ADC, metering, NVM; the parts by themselves are measured beside it. */
#include "sim/bench/bench.h"
#include "sim/plant/demo.h"
#include "sim/plant/plant.h"
#include "sim/plant/sim.h"
#include "sim/program/data.h"
#include "sim/program/error.h"
#include "waveform/load_kind.h"
#include "waveform/recording.h"
#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define STEP_NS   (SECOND_NS / 4)

enum { HARMONICS = 20 };

static struct unit *plain_unit(void)
{
    struct demo d;

    demo_default(&d);
    return demo_unit(&d, 0);
}

/* Twenty odd and even harmonics on all six channels, 1/h of the fundamental. */
static void add_harmonics(struct unit *u, int orders)
{
    struct waveform_grid grid = waveform_grid(u->world);
    struct waveform_load load = waveform_load(u->world);

    for (int k = 0; k < 3; k++)
        for (int h = 2; h < 2 + orders; h++) {
            struct waveform_harmonics *v = &grid.harmonics[k], *i = &load.harmonics[k];
            v->item[v->count++] = (struct waveform_harmonic){ h, 2.0 / h, 10.0 * h };
            i->item[i->count++] = (struct waveform_harmonic){ h, 40.0 / h, 7.0 * h };
        }
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
}

static struct unit *heavy_unit(void)
{
    struct unit *u = plain_unit();

    add_harmonics(u, HARMONICS - 1); /* with the fundamental: twenty */
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 12);
    return u;
}

/* Twice the current that reaches the knee: every half-wave saturates. */
static struct unit *saturating_unit(void)
{
    struct unit *u = plain_unit();

    unit_set_fault(u, FAULT_CT_SATURATION, -1, 0.2);
    return u;
}

/* A morning: the sun rises over panels, a car's charger is turned up. */
static struct unit *moving_unit(void)
{
    struct unit *u = plain_unit();
    struct waveform_load_spec sun = load_defaults(WAVEFORM_LOAD_SOLAR);
    struct waveform_load_spec car = load_defaults(WAVEFORM_LOAD_VEHICLE);

    sun.kw = 30;
    sun.clock_s = 9 * 3600;
    car.kw = 11;
    car.ramp_s = 3 * 3600;
    if (waveform_add_load(u->world, &sun) || waveform_add_load(u->world, &car))
        error_warn("row j is measured without its loads");
    return u;
}

/* × real time of the complete way. */
static double times_real_time(struct unit *u, int64_t sim_s)
{
    gint64 start = bench_cpu_ns();

    unit_advance(u, u->now_ns + sim_s * SECOND_NS);
    return (double)sim_s / bench_cpu_seconds_since(start);
}

static double fill_ns(struct unit *u, int blocks)
{
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    gint64 start = bench_cpu_ns();

    for (int n = 0; n < blocks; n++)
        waveform_fill(u->world, WAVEFORM_BLOCK, x);
    return bench_cpu_seconds_since(start) * 1e9 / blocks / WAVEFORM_BLOCK;
}

static double convert_ns(struct unit *u, int blocks)
{
    double world[WAVEFORM_CHANNELS][WAVEFORM_BLOCK],
        x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    int32_t codes[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];

    waveform_fill(u->world, WAVEFORM_BLOCK, world);
    gint64 start = bench_cpu_ns();
    for (int n = 0; n < blocks; n++) {
        memcpy(x, world, sizeof x);
        sensors_convert(&u->sensors, WAVEFORM_BLOCK, x, codes);
    }
    return bench_cpu_seconds_since(start) * 1e9 / blocks / WAVEFORM_BLOCK;
}

static void measure(struct bench *b, const char *const id[4], const char *name,
                    struct unit *u, int sim_s)
{
    struct bench_row *whole = bench_row(b, id[0], "x real time", "%s", name);
    struct bench_row *fill =
        bench_row(b, id[1], "ns", "  of which the world, per sample set");
    struct bench_row *convert =
        bench_row(b, id[2], "ns", "  of which sensors and ADC, per sample set");
    struct bench_row *core =
        bench_row(b, id[3], "ns", "  what is left: the core with NVM and time");

    unit_advance(u, 2 * SECOND_NS);
    for (int n = 0; n < b->runs; n++) {
        const double times = times_real_time(u, sim_s);
        const double world_ns = fill_ns(u, 60 * sim_s);
        const double sensors_ns = convert_ns(u, 60 * sim_s);
        bench_add(whole, times);
        bench_add(fill, world_ns);
        bench_add(convert, sensors_ns);
        bench_add(core, 1e9 / HAL_SAMPLE_RATE / times - world_ns - sensors_ns);
    }
    unit_free(u);
}

static struct recording *shipped_recording(void)
{
    const struct recording_options options = { .after_s = 60 };
    struct comtrade_error error;
    g_autofree char *path = data_path("recordings/sag_b_480v.cfg");
    struct comtrade *file = comtrade_read(path, &error);
    struct recording *r = file ? recording_from_comtrade(file, &options, &error) : NULL;

    if (!r)
        error_warn("row d is left out: %s: %s", path, error.text);
    if (file)
        comtrade_free(file);
    return r;
}

void bench_recording(struct bench *b)
{
    struct recording *r = shipped_recording();

    if (!r)
        return;
    struct bench_row *row =
        bench_row(b, "d", "x real time", "a recording replayed (60 s of COMTRADE)");
    struct unit *u = plain_unit();
    int64_t whole_s = r->count / HAL_SAMPLE_RATE;
    for (int n = 0; n < b->runs; n++) {
        gint64 start = bench_cpu_ns();
        for (int round = 0; round < 8; round++) {
            waveform_play(u->world, r);
            unit_advance(u, u->now_ns + whole_s * SECOND_NS);
        }
        bench_add(row, 8 * (double)whole_s / bench_cpu_seconds_since(start));
    }
    unit_free(u);
    recording_free(r);
}

void bench_sine(struct bench *b)
{
    static const char *const ids[4] = { "a", "a1", "a2", "a3" };

    measure(b, ids, "sine, balanced, linear sensors, complete path", plain_unit(),
            1000);
}

void bench_harmonics(struct bench *b)
{
    static const char *const ids[4] = { "b", "b1", "b2", "b3" };

    measure(b, ids, "20 harmonics on six channels, ADC noise", heavy_unit(), 300);
}

void bench_saturation(struct bench *b)
{
    static const char *const ids[4] = { "c", "c1", "c2", "c3" };

    measure(b, ids, "saturating CTs on three phases", saturating_unit(), 100);
}

/* Less than its three hours, however many runs. */
void bench_motion(struct bench *b)
{
    static const char *const ids[4] = { "j", "j1", "j2", "j3" };

    measure(b, ids, "loads that move: the sun on panels, a car's charger",
            moving_unit(), 200);
}

static struct sim *fleet(int count)
{
    struct sim *s = sim_new();
    struct demo d;

    demo_default(&d);
    for (int n = 0; n < count; n++)
        sim_add_unit(s, demo_unit(&d, (unsigned)n));
    struct plant *p = plant_new(s, &d);
    plant_draw(p, 1);
    plant_free(p);
    sim_run(s, 2 * SECOND_NS);
    return s;
}

/* Steps as `serve` takes them; meters times seconds come back. */
static double fleet_run(struct sim *s, int64_t steps)
{
    for (int64_t n = 0; n < steps; n++)
        sim_run(s, sim_now(s) + STEP_NS);
    return (double)(steps * STEP_NS) * 1e-9 * sim_unit_count(s);
}

/* Meters times seconds, per second of CPU time. */
static double fleet_rate(struct sim *s, int64_t steps)
{
    gint64 start = bench_cpu_ns();
    double meter_seconds = fleet_run(s, steps);

    return meter_seconds / bench_cpu_seconds_since(start);
}

static double fleet_wall_rate(struct sim *s, int64_t steps)
{
    gint64 start = g_get_monotonic_time();
    double meter_seconds = fleet_run(s, steps);

    return meter_seconds / bench_seconds_since(start);
}

static void harmonics_growth(struct bench *b)
{
    static const char *const ids[] = { "f.h0", "f.h10", "f.h20", "f.h39" };
    static const int orders[] = { 0, 10, 20, 39 };

    for (size_t k = 0; k < G_N_ELEMENTS(orders); k++) {
        struct bench_row *row = bench_row(
            b, ids[k], "ns", "  growth: a sample set with %d harmonics", orders[k]);
        struct unit *u = plain_unit();
        add_harmonics(u, orders[k]);
        unit_advance(u, SECOND_NS);
        for (int n = 0; n < b->runs; n++)
            bench_add(row, 1e9 / HAL_SAMPLE_RATE / times_real_time(u, 200));
        unit_free(u);
    }
}

/* In wall time, which is what a second core saves; in pairs, as others may want it. */
static void workers_growth(struct bench *b)
{
    struct bench_row *rows[2] = {
        bench_row(b, "f.w1", "meters x real time",
                  "  1000 meters, wall time, 1 worker"),
        bench_row(b, "f.w2", "meters x real time", "  the same, 2 workers"),
    };
    struct sim *s = fleet(1000);

    for (int n = 0; n < b->runs; n++)
        for (int k = 0; k < 2; k++) {
            sim_set_workers(s, k + 1);
            bench_add(rows[k], fleet_wall_rate(s, 16));
        }
    sim_free(s);
}

void bench_fleets(struct bench *b)
{
    static const char *const ids[] = { "f1", "f100", "f", "f10000" };
    static const int counts[] = { 1, 100, 1000, 10000 };

    for (size_t k = 0; k < G_N_ELEMENTS(counts); k++) {
        const int count = counts[k];
        struct bench_row *row = bench_row(b, ids[k], "meters x real time",
                                          "%d meter%s, steps of 250 ms, one core",
                                          count, count == 1 ? "" : "s");
        struct sim *s = fleet(count);
        for (int n = 0; n < b->runs; n++)
            bench_add(row, fleet_rate(s, MAX(4, 4000 / count)));
        sim_free(s);
    }
    workers_growth(b);
    harmonics_growth(b);
}
