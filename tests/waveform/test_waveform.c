/* The world: what grid and load mean, that samples do not depend on how they are asked
 * for, that nothing jumps where something changes, and the bits of the samples: GOLDEN
 * is the same for every compiler, optimisation level and processor. */
#include "tests/waveform/fills.h"
#include "waveform/recording.h"
#include "waveform/waveform_parts.h"
#include <math.h>
#include <pthread.h>
#include <string.h>

#define TAU    6.28318530717958647692
#define GOLDEN UINT64_C(0xde0120e29e910c83)

enum { RATE = 2520 };

static const struct waveform_grid GRID = {
    .hz = 59.93,
    .volts = { 277, 265, 281 },
    .degrees = { 0, -120, 120 },
    .harmonics = { { 2, { { 5, 4, 30 }, { 2.375, 1, 0 } } }, { 1, { { 3, 2, -90 } } } },
};

static const struct waveform_load LOAD = {
    .amps = { 100, 80, 50 },
    .lag_degrees = { 30, -20, 75 },
    .harmonics = { { 2, { { 5, 20, 100 }, { 7, 14, 0 } } },
                   { 0 },
                   { 1, { { 0, 5, 0 } } } },
};

struct source {
    struct waveform *w;
    int at, have; /* in x */
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
};

/* The next sample of a world from fills of `size`, in a static array of 6. */
static const double *next_sample(struct source *s, int size)
{
    static double sample[WAVEFORM_CHANNELS];
    if (s->at == s->have) {
        waveform_fill(s->w, size, s->x);
        s->at = 0;
        s->have = size;
    }
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        sample[ch] = s->x[ch][s->at];
    s->at++;
    return sample;
}

static double wave(double rms, double turns, double degrees)
{
    return sqrt(2) * rms * sin(TAU * (fmod(turns, 1) + degrees / 360));
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void test_a_new_world_is_dead(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    for (int n = 0; n < 100; n++)
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            assert_true(next_sample(&s, 42)[ch] == 0);
    waveform_free(w);
    waveform_free(NULL);
}

static void test_angles_of_grid_and_load(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    waveform_set_grid(w, &GRID);
    waveform_set_load(w, &LOAD);
    for (int n = 0; n < 5000; n++) {
        const double *x = next_sample(&s, 42);
        double t = GRID.hz * n / RATE;
        assert_near(x[0],
                    wave(277, t, 0) + wave(277 * .04, 5 * t, 30) +
                        wave(2.77, 2.375 * t, 0),
                    1e-9);
        assert_near(x[1], wave(265, t, -120) + wave(5.3, 3 * t, -360 - 90), 1e-9);
        assert_near(x[2], wave(281, t, 120), 1e-9);
        assert_near(x[3],
                    wave(100, t, -30) + wave(20, 5 * t, -150 + 100) +
                        wave(14, 7 * t, -210),
                    1e-9);
        assert_near(x[4], wave(80, t, -100), 1e-9);
        assert_near(x[5], wave(50, t, 45) + 2.5, 1e-9);
    }
    waveform_free(w);
}

static void test_a_lost_phase_has_no_volts_and_no_amps(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    struct waveform_grid grid = GRID;
    grid.lost[1] = true;
    waveform_set_load(w, &LOAD);
    waveform_set_grid(w, &grid);
    for (int n = 0; n < 100; n++) {
        const double *x = next_sample(&s, 42);
        double t = GRID.hz * n / RATE;
        assert_true(x[1] == 0 && x[4] == 0);
        assert_near(x[2], wave(281, t, 120), 1e-9);
        assert_near(x[5], wave(50, t, 45) + 2.5, 1e-9);
    }
    assert_true(waveform_grid(w).lost[1] && waveform_load(w).amps[1] == 80);
    waveform_free(w);
}

/* Va − Vb of 240 V at 0° and −120° stands at +30°. */
static void test_a_load_between_a_and_b(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_AB);
    struct source s = { .w = w };
    struct waveform_grid grid = {
        60, { 240, 240, 240 }, { 0, -120, 120 }, { { 0 } }, { 0 }
    };
    struct waveform_load load = {
        { 10, 7, 7 }, { 25, 0, 0 }, { { 1, { { 3, 50, 10 } } } }, true
    };
    waveform_set_grid(w, &grid);
    waveform_set_load(w, &load);
    for (int n = 0; n < 100; n++) {
        const double *x = next_sample(&s, 42);
        double t = 60. * n / RATE;
        assert_near(x[3], wave(10, t, 5) + wave(5, 3 * t, 15 + 10), 1e-11);
        assert_true(x[4] == -x[3] && x[5] == 0);
    }
    for (int lost = 0; lost < 2; lost++) {
        memset(grid.lost, 0, sizeof grid.lost);
        grid.lost[lost] = true;
        waveform_set_grid(w, &grid);
        waveform_fill(w, 42, s.x);
        for (int n = 0; n < 42; n++)
            assert_true(s.x[3][n] == 0 && s.x[4][n] == 0);
    }
    waveform_free(w);
}

/* Changes at samples that belong to no block, in two worlds with other fills. */
static void change(struct waveform *w, int event)
{
    static const struct waveform_line LINE[] = { { 1, { 240, 240 }, { 0 } },
                                                 { 13, { 3, 0, 0, 5 }, { 1 } },
                                                 { 0, { 0.25 }, { 0 } },
                                                 { 1.5, { 0, 1, 2 }, { 4, 0, 0, 6 } } };
    struct waveform_grid grid = GRID;
    switch (event % 5) {
    case 0:
        grid.hz += event;
        waveform_set_grid(w, &grid);
        break;
    case 1:
        waveform_set_load(w, &LOAD);
        break;
    case 2:
        waveform_set_rate(w, RATE + event);
        break;
    case 3:
        assert_int_equal(waveform_set_lines(w, 61, LINE, 4), 0);
        break;
    case 4:
        grid.lost[event % 3] = true;
        waveform_set_grid(w, &grid);
        break;
    }
}

enum { EVENTS = 60 };

static int event_length(int event)
{
    return 1 + event * 37 % 131;
}

static uint64_t hash_double(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    for (int byte = 0; byte < 8; byte++)
        hash = (hash ^ (bits >> 8 * byte & 0xff)) * FILLS_PRIME;
    return hash;
}

/* Fills of sizes from `seed`; 0: as large as the next event allows. */
static uint64_t hash_world(uint64_t seed)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    uint64_t hash[WAVEFORM_CHANNELS] = { 0 }, all = 1;
    struct fills fills = fills_start(seed);
    for (int event = 0; event < EVENTS; event++) {
        change(w, event);
        for (int rest = event_length(event); rest > 0;) {
            int n = fills_next(&fills, rest);
            waveform_fill(w, n, x);
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                for (int k = 0; k < n; k++)
                    hash[ch] = hash_double(hash[ch], x[ch][k]);
            rest -= n;
        }
    }
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        all = (all ^ hash[ch]) * FILLS_PRIME;
    waveform_free(w);
    return all;
}

static void test_samples_do_not_depend_on_the_fills(void **state)
{
    (void)state;
    fills_do_not_matter(hash_world, 200);
}

static void test_the_bits_are_golden(void **state)
{
    (void)state;
    fills_are_golden(hash_world, GOLDEN);
}

/* A line of order 2.5 rides along, goes and comes back: its phase has gone on. */
static void test_phases_go_on_through_changes(void **state)
{
    (void)state;
    static const struct waveform_line LINE[] = { { 1, { 100 }, { 0 } },
                                                 { 2.5, { 0, 100 }, { 0 } } };
    static const double HZ[] = { 60, 50, 64.9, 45.01, 60 };
    static const int LENGTH[] = { 1001, 17, 500, 42, 3001 };
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    double turns = 0, rate = RATE;
    for (int piece = 0; piece < 5; piece++) {
        int count = piece == 1 ? 1 : 2;
        assert_int_equal(waveform_set_lines(w, HZ[piece], LINE, count), 0);
        if (piece == 3)
            waveform_set_rate(w, rate = 2520.126);
        for (int n = 0; n < LENGTH[piece]; n++) {
            const double *x = next_sample(&s, 1);
            assert_near(x[0], wave(100, turns, 0), 1e-8);
            assert_near(x[1], count == 2 ? wave(100, 2.5 * turns, 0) : 0, 1e-8);
            turns += HZ[piece] / rate;
        }
    }
    waveform_free(w);
}

/* A change of amplitude at every sample, through a whole cycle. */
static void test_amplitude_changes_at_the_next_sample(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    struct waveform_grid grid = { 60, { 0 }, { 0 }, { { 0 } }, { 0 } };
    for (int n = 0; n < 300; n++) {
        grid.volts[0] = n * 7 % 50;
        waveform_set_grid(w, &grid);
        double x = next_sample(&s, 1)[0];
        assert_near(x, wave(grid.volts[0], 60. * n / RATE, 0), 1e-10);
    }
    waveform_free(w);
}

static void test_time_advances_by_samples_over_rate(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    for (int n = 0; n < 600; n++)
        waveform_fill(w, 42, x);
    assert_true(waveform_time_of(w, w->samples) == 10);
    waveform_set_rate(w, 1000);
    waveform_fill(w, 10, x);
    assert_near(waveform_time_of(w, w->samples), 10.01, 1e-14);
    waveform_free(w);
}

static void test_lines_are_counted(void **state)
{
    (void)state;
    static const struct waveform_line LINE[WAVEFORM_LINES] = { { .order = 1 } };
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    assert_int_equal(waveform_set_lines(w, 60, LINE, WAVEFORM_LINES), 0);
    assert_int_equal(waveform_set_lines(w, 60, LINE, WAVEFORM_LINES + 1), -1);
    assert_int_equal(waveform_set_lines(w, 60, LINE, -1), -1);
    assert_int_equal(waveform_set_lines(w, 60, NULL, 0), 0);
    waveform_free(w);
}

static void test_a_recording_plays_sample_for_sample(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static double data[WAVEFORM_CHANNELS][COUNT];
    struct recording r = {
        .samples_per_s = RATE, .hz = 60, .count = COUNT, .at_end = RECORDING_END_DEAD
    };
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        r.x[ch] = data[ch];
        for (int n = 0; n < COUNT; n++)
            data[ch][n] = ch * 1000 + n % 77;
    }
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    waveform_set_grid(w, &GRID);
    waveform_play(w, &r);
    for (int n = 0; n < COUNT + 100; n++) {
        const double *x = next_sample(&s, 1 + n % 42);
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            assert_true(x[ch] == (n < COUNT ? data[ch][n] : 0));
    }
    waveform_play(w, &r);
    waveform_fill(w, 42, s.x);
    assert_true(s.x[5][41] == data[5][41]);
    waveform_play(w, NULL);
    waveform_fill(w, 42, s.x);
    assert_true(s.x[0][20] == 0 && s.x[5][41] == 0);
    waveform_play(w, &r);
    waveform_set_load(w, &LOAD);
    waveform_fill(w, 42, s.x);
    assert_true(s.x[0][20] != 0 && s.x[0][20] != data[0][20]);
    waveform_free(w);
}

static void test_the_phase_goes_on_under_a_recording(void **state)
{
    (void)state;
    static double data[11];
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    struct recording r = {
        .samples_per_s = RATE, .hz = 60, .count = 11, .at_end = RECORDING_END_DEAD
    };
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        r.x[ch] = data;
    waveform_set_grid(w, &GRID);
    for (int n = 0; n < 150; n++) {
        double x = next_sample(&s, 1)[2];
        bool playing = n >= 50 && n < 69;
        assert_near(x, playing ? 0 : wave(281, GRID.hz * n / RATE, 120), 1e-9);
        if (n == 49)
            waveform_play(w, &r);
        if (n == 68)
            waveform_set_grid(w, &GRID);
    }
    waveform_free(w);
}

/* The grid comes back at the sample after the last one, however the fills are cut, and
 * the recording's energy stays. */
static void test_the_grid_comes_back_after_a_recording(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static double data[COUNT];
    struct recording r = { .samples_per_s = RATE, .hz = 60, .count = COUNT };
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        r.x[ch] = data;
    for (int n = 0; n < COUNT; n++)
        data[n] = 100;
    for (int fill = 1; fill <= 42; fill += 41) {
        struct waveform *w = waveform_new(WAVEFORM_WYE);
        struct source s = { .w = w };
        waveform_set_grid(w, &GRID);
        waveform_play(w, &r);
        assert_true(waveform_plays(w));
        for (int n = 0; n < COUNT + 300; n++) {
            double x = next_sample(&s, fill)[2];
            double expected = n < COUNT ? 100 : wave(281, GRID.hz * n / RATE, 120);
            if (n < COUNT)
                assert_true(x == expected);
            else
                assert_near(x, expected, 1e-9);
        }
        assert_false(waveform_plays(w));
        waveform_set_load(w, &LOAD);
        assert_int_equal(waveform_load(w).amps[0], LOAD.amps[0]);
        waveform_free(w);
    }
}

static void test_a_recording_may_hold_its_last_cycles(void **state)
{
    (void)state;
    enum { COUNT = 100, LOOP = 42 };
    static double data[COUNT + LOOP];
    struct recording r = { .samples_per_s = RATE,
                           .hz = 60,
                           .count = COUNT,
                           .at_end = RECORDING_END_HOLD,
                           .loop = LOOP };
    struct waveform_truth t, later;
    for (int n = 0; n < COUNT + LOOP; n++)
        data[n] = wave(10, n / 42.0, 0);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        r.x[ch] = data;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct source s = { .w = w };
    waveform_play(w, &r);
    for (int n = 0; n < 42 * 100; n++)
        assert_near(next_sample(&s, 1 + n % 42)[0], wave(10, n / 42.0, 0), 1e-9);
    waveform_truth(w, &t);
    for (int n = 0; n < 42 * 60; n++)
        next_sample(&s, 42);
    waveform_truth(w, &later);
    assert_true(waveform_plays(w));
    assert_near(t.p[0], 100, 1e-6);
    assert_near(later.wh_import_total - t.wh_import_total, 300 / 3600.0, 3e-3);
    waveform_free(w);
}

struct fill {
    struct waveform *w;
    double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
};

enum { PIECE = 13 };

static void *fill_piece(void *user)
{
    struct fill *f = user;
    waveform_fill(f->w, PIECE, f->x);
    return NULL;
}

/* Threads keep the block of the world that they filled last, in pieces; worlds that
 * alternate, on a thread or between threads, give what one alone gives. */
static void test_worlds_may_alternate(void **state)
{
    (void)state;
    struct fill f[3];
    for (int k = 0; k < 3; k++) {
        f[k].w = waveform_new(WAVEFORM_WYE);
        waveform_set_grid(f[k].w, &GRID);
        waveform_set_load(f[k].w, &LOAD);
    }
    double alone[100][WAVEFORM_CHANNELS][PIECE];
    for (int n = 0; n < 100; n++) {
        fill_piece(&f[0]);
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            memcpy(alone[n][ch], f[0].x[ch], sizeof alone[n][ch]);
    }
    for (int n = 0; n < 100; n++)
        for (int k = 1; k < 3; k++) {
            pthread_t thread;
            if (n % 5 != k)
                fill_piece(&f[k]);
            else if (pthread_create(&thread, NULL, fill_piece, &f[k]) ||
                     pthread_join(thread, NULL))
                fail();
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                assert_memory_equal(f[k].x[ch], alone[n][ch], sizeof alone[n][ch]);
        }
    for (int k = 0; k < 3; k++)
        waveform_free(f[k].w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_world_is_dead),
        cmocka_unit_test(test_angles_of_grid_and_load),
        cmocka_unit_test(test_a_lost_phase_has_no_volts_and_no_amps),
        cmocka_unit_test(test_a_load_between_a_and_b),
        cmocka_unit_test(test_samples_do_not_depend_on_the_fills),
        cmocka_unit_test(test_the_bits_are_golden),
        cmocka_unit_test(test_worlds_may_alternate),
        cmocka_unit_test(test_phases_go_on_through_changes),
        cmocka_unit_test(test_amplitude_changes_at_the_next_sample),
        cmocka_unit_test(test_time_advances_by_samples_over_rate),
        cmocka_unit_test(test_lines_are_counted),
        cmocka_unit_test(test_a_recording_plays_sample_for_sample),
        cmocka_unit_test(test_the_phase_goes_on_under_a_recording),
        cmocka_unit_test(test_the_grid_comes_back_after_a_recording),
        cmocka_unit_test(test_a_recording_may_hold_its_last_cycles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
