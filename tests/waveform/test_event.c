/* Events against their definitions in the time domain: every sample of a sag, a jump, a
 * ramp of frequency, a transient is written out in long double and compared. */
#include "tests/waveform/fills.h"
#include "waveform/event.h"
#include "waveform/load_kind.h"
#include "waveform/waveform.h"
#include <math.h>
#include <string.h>

#define TAU    6.283185307179586476925286766559006L
#define GOLDEN UINT64_C(0x6516767f2bc3ee17)

enum { RATE = 2520 };

static const struct waveform_grid GRID = { .hz = 60,
                                           .volts = { 100, 110, 120 },
                                           .degrees = { 0, -120, 120 } };

static struct waveform *new_world(void)
{
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    waveform_set_grid(w, &GRID);
    return w;
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", value, expected);
}

static double wave(long double rms, long double turns, double degrees)
{
    return (double)(sqrtl(2) * rms *
                    sinl(TAU * (fmodl(turns, 1) + (long double)degrees / 360)));
}

/* The next sample of one world, in fills of a size that no piece is a multiple of. */
static const double *next_sample(struct waveform *w)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK], sample[WAVEFORM_CHANNELS];
    waveform_fill(w, 1, x);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        sample[ch] = x[ch][0];
    return sample;
}

static void fill_samples(struct waveform *w, int64_t count)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    while (count > 0) {
        int n = count < WAVEFORM_BLOCK ? (int)count : WAVEFORM_BLOCK;
        waveform_fill(w, n, x);
        count -= n;
    }
}

static void add(struct waveform *w, struct waveform_event event)
{
    assert_int_equal(waveform_add_event(w, &event), 0);
}

static void test_the_table(void **state)
{
    (void)state;
    for (int kind = 0; kind < WAVEFORM_EVENTS; kind++) {
        struct waveform_event event = event_defaults((enum waveform_event_kind)kind);
        assert_true(event_valid(&event));
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(event_table[other].name, event_table[kind].name);
    }
    for (int k = 0; k < event_parameter_count; k++) {
        const struct parameter *p = &event_parameters[k];
        struct waveform_event event = event_defaults((enum waveform_event_kind)p->kind);
        const double beyond[] = { p->min - 1, p->max * 1.01 + 1, NAN };
        for (int n = 0; n < 3; n++) {
            memcpy((char *)&event + p->offset, &beyond[n], sizeof *beyond);
            assert_false(event_valid(&event));
        }
    }
}

static double ramp_factor(double t, double from, double length)
{
    double part = length > 0 ? (t - from) / length : t >= from - 1e-9;
    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static void test_a_sag_with_ramps_and_jump(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    fill_samples(w, 101);
    add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_SAG,
                                    .phases = 5,
                                    .at_s = 0.0321,
                                    .percent = 40,
                                    .duration_s = 0.1,
                                    .ramp_in_s = 0.02,
                                    .ramp_out_s = 0.05,
                                    .jump_degrees = 25 });
    double start = 101. / RATE + 0.0321;
    for (int n = 101; n < 800; n++) {
        double t = (double)n / RATE;
        double share =
            ramp_factor(t, start, 0.02) * (1 - ramp_factor(t, start + 0.1, 0.05));
        double factor = 1 - 0.6 * share, jump = t >= start && t < start + 0.1 ? 25 : 0;
        const double *x = next_sample(w);
        assert_near(x[0], wave(100 * factor, 60.0L * n / RATE, jump), 1e-10);
        assert_near(x[1], wave(110, 60.0L * n / RATE, -120), 1e-10);
        assert_near(x[2], wave(120 * factor, 60.0L * n / RATE, 120 + jump), 1e-10);
    }
    waveform_free(w);
}

static void test_events_begin_on_the_exact_sample(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_INTERRUPTION,
                                    .at_s = 0.3,
                                    .duration_s = 1.0 / 3 });
    add(w, (struct waveform_event){
               .kind = WAVEFORM_EVENT_SWELL, .phases = 2, .percent = 150, .at_s = 1 });
    for (int n = 0; n < 3000; n++) {
        bool out = n >= 756 && n < 756 + 840;
        double swell = n >= 2520 ? 1.5 : 1;
        const double *x = next_sample(w);
        assert_near(x[0], out ? 0 : wave(100, 60.0L * n / RATE, 0), 1e-10);
        assert_near(x[1], out ? 0 : wave(110 * swell, 60.0L * n / RATE, -120), 1e-10);
    }
    waveform_clear_events(w);
    assert_near(next_sample(w)[1], wave(110, 60.0L * 3000 / RATE, -120), 1e-10);
    waveform_free(w);
}

/* At 90° of phase A, which itself stands at −30°: a third of a cycle after θ = 0. */
static void test_point_on_wave(void **state)
{
    (void)state;
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    struct waveform_grid grid = GRID;
    grid.degrees[0] = -30;
    waveform_set_grid(w, &grid);
    fill_samples(w, 20);
    add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_INTERRUPTION,
                                    .on_wave = true,
                                    .point_degrees = 90,
                                    .at_s = 0.1 });
    for (int n = 20; n < 400; n++) {
        /* 0.1 s after sample 20: at 272; θ there is 20/42 turn, the next third at 308
         */
        bool out = n >= 308;
        assert_near(next_sample(w)[0], out ? 0 : wave(100, 60.0L * n / RATE, -30),
                    1e-10);
    }
    waveform_free(w);
}

static void test_a_phase_jump_stays(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    add(w, (struct waveform_event){
               .kind = WAVEFORM_EVENT_JUMP, .phases = 4, .jump_degrees = -50 });
    for (int n = 0; n < 100; n++)
        assert_near(next_sample(w)[2], wave(120, 60.0L * n / RATE, 70), 1e-10);
    waveform_free(w);
}

/* Turns since t = 0 of 60 Hz that ramps to `to` from `start` on. */
static long double ramp_turns(long double t, long double start, long double slope,
                              long double to)
{
    long double length = (to - 60) / slope, x = t - start;
    if (x <= 0)
        return 60 * t;
    if (x <= length)
        return 60 * t + slope * x * x / 2;
    return 60 * t + slope * length * length / 2 + (to - 60) * (x - length);
}

static void test_the_phase_of_a_frequency_ramp(void **state)
{
    (void)state;
    for (int way = -1; way <= 1; way += 2) {
        struct waveform *w = new_world();
        struct waveform_truth t;
        double to = 60 + 1.7 * way;
        add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_HZ_RAMP,
                                        .at_s = 0.12345,
                                        .hz = to,
                                        .hz_per_s = 0.7 });
        for (int n = 0; n < 4 * RATE; n++) {
            long double turns =
                ramp_turns((long double)n / RATE, 0.12345, 0.7 * way, to);
            const double *x = next_sample(w);
            assert_near(x[0], wave(100, turns, 0), 1e-10);
            assert_near(x[2], wave(120, turns, 120), 1e-10);
            if (n == RATE) {
                waveform_truth(w, &t);
                assert_near(t.hz, 60 + way * 0.7 * (2521. / RATE - 0.12345), 1e-10);
                waveform_set_rate(w, RATE);
                const struct waveform_grid grid = waveform_grid(w);
                waveform_set_grid(w, &grid);
            }
        }
        assert_true(waveform_grid(w).hz == to);
        waveform_free(w);
    }
}

static void test_a_new_frequency_ends_a_ramp(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    struct waveform_truth t;
    add(w, (struct waveform_event){
               .kind = WAVEFORM_EVENT_HZ_RAMP, .hz = 65, .hz_per_s = 1 });
    fill_samples(w, 1000);
    waveform_set_grid(w, &GRID);
    fill_samples(w, 5000);
    waveform_truth(w, &t);
    assert_true(t.hz == 60);
    waveform_free(w);
}

static void test_a_step_between_two_samples(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    add(w, (struct waveform_event){
               .kind = WAVEFORM_EVENT_HZ_STEP, .at_s = 0.1001, .hz = 47 });
    for (int n = 0; n < 2000; n++) {
        long double t = (long double)n / RATE;
        long double turns = t < 0.1001 ? 60 * t : 60 * 0.1001L + 47 * (t - 0.1001L);
        assert_near(next_sample(w)[0], wave(100, turns, 0), 1e-9);
    }
    waveform_free(w);
}

static void test_a_random_walk(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    struct waveform_truth t;
    long double turns = 0;
    double hz = 60, square = 0;
    add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_HZ_WALK,
                                    .sigma_hz = 0.01,
                                    .limit_hz = 0.1,
                                    .seed = 7,
                                    .duration_s = 95 });
    for (int step = 0; step < 1000; step++) {
        waveform_truth(w, &t);
        square += (t.hz - hz) * (t.hz - hz);
        hz = t.hz;
        assert_true(fabs(hz - 60) < 0.1 + 1e-9 &&
                    (step < 951 || hz == waveform_grid(w).hz));
        for (int n = 0; n < 252; n++) {
            assert_near(next_sample(w)[0], wave(100, turns, 0), 1e-8);
            turns += (long double)hz / RATE;
        }
    }
    assert_true(sqrt(square / 950) > 0.008 && sqrt(square / 950) < 0.0105);
    waveform_free(w);
}

static void test_transients(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_IMPULSE,
                                    .phases = 1,
                                    .at_s = 0.0102,
                                    .volts = 400,
                                    .oscillation_hz = 7777,
                                    .time_constant_s = 0.002,
                                    .start_degrees = 90 });
    add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_CAPACITOR,
                                    .phases = 2,
                                    .at_s = 0.0102,
                                    .percent = 80,
                                    .oscillation_hz = 500,
                                    .time_constant_s = 0.003 });
    double drawn = 0.8 * wave(110, 60 * 0.0102L, -120);
    for (int n = 0; n < 600; n++) {
        double a = wave(100, 60.0L * n / RATE, 0),
               b = wave(110, 60.0L * n / RATE, -120);
        double t = (double)n / RATE - 0.0102;
        if (t >= 0) {
            a += 400 * cos((double)TAU * 7777 * t) * exp(-t / 0.002);
            b -= drawn * cos((double)TAU * 500 * t) * exp(-t / 0.003);
        }
        const double *x = next_sample(w);
        assert_near(x[0], a, 1e-9);
        assert_near(x[1], b, 1e-9);
    }
    waveform_free(w);
}

/* The modulation goes on in phase through a change of the frequency. */
static void test_flicker(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    struct waveform_disturbance t = { .flicker_hz = 8.8, .flicker_percent = 4 };
    assert_int_equal(waveform_set_disturbance(w, &t), 0);
    add(w, (struct waveform_event){
               .kind = WAVEFORM_EVENT_HZ_STEP, .at_s = 0.5, .hz = 57 });
    for (int n = 0; n < 3000; n++) {
        long double s = (long double)n / RATE,
                    turns = s < 0.5L ? 60 * s : 57 * s + 1.5L;
        double m = 1 + 0.02 * (double)sinl(TAU * 8.8L * s);
        assert_near(next_sample(w)[2], m * wave(120, turns, 120), 1e-9);
    }
    t.flicker_rectangular = true;
    assert_int_equal(waveform_set_disturbance(w, &t), 0);
    for (int n = 3000; n < 6000; n++) {
        long double s = (long double)n / RATE;
        double m = 1;
        for (int k = 1; k < 16; k += 2)
            m += 0.02 * 8 / (double)TAU / k * (double)sinl(k * TAU * 8.8L * s);
        assert_near(next_sample(w)[2], m * wave(120, 57 * s + 1.5L, 120), 1e-9);
    }
    t.flicker_hz = 0;
    assert_int_equal(waveform_set_disturbance(w, &t), -1);
    waveform_free(w);
}

static void test_notches_alias(void **state)
{
    (void)state;
    struct waveform *w = new_world();
    struct waveform_disturbance t = { .notch_percent = 50,
                                      .notch_width_degrees = 8,
                                      .notch_delay_degrees = 10,
                                      .notch_orders = 199 };
    struct shape_line lines[100];
    struct shape s = { 0, 100, lines };
    shape_notches(&s, 0.5, 8, 10, 199);
    assert_int_equal(waveform_set_disturbance(w, &t), 0);
    for (int n = 0; n < 500; n++) {
        double x = 0;
        long double turns = 60.0L * n / RATE - 1 / 3.0L;
        for (int k = 0; k < s.count; k++)
            x += wave(110 * lines[k].re, turns * lines[k].order, 0) +
                 wave(110 * lines[k].im, turns * lines[k].order, 90);
        assert_near(next_sample(w)[1], wave(110, turns, 0) + x, 1e-9);
    }
    waveform_free(w);
}

/* Everything at once, in whatever fills: `seed` 0 is whole blocks. */
static uint64_t hash_world(uint64_t seed)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct waveform *w = new_world();
    struct waveform_load_spec motor = load_defaults(WAVEFORM_LOAD_MOTOR);
    struct waveform_load_spec drive = load_defaults(WAVEFORM_LOAD_DRIVE_6);
    struct waveform_load_spec star = load_defaults(WAVEFORM_LOAD_IMPEDANCE);
    struct waveform_disturbance t = { .flicker_hz = 7, .flicker_percent = 3 };
    struct fills fills = fills_start(seed);
    uint64_t hash = 1;
    motor.amps = drive.amps = star.amps = 20;
    motor.at_s = 0.05;
    motor.connection = WAVEFORM_CONNECT_STAR;
    star.connection = WAVEFORM_CONNECT_STAR;
    assert_int_equal(waveform_add_load(w, &motor), 0);
    assert_int_equal(waveform_add_load(w, &drive), 0);
    assert_int_equal(waveform_add_load(w, &star), 0);
    assert_int_equal(waveform_set_disturbance(w, &t), 0);
    for (int kind = 0; kind < WAVEFORM_EVENTS; kind++) {
        struct waveform_event e = event_defaults((enum waveform_event_kind)kind);
        e.at_s = 0.031 * kind;
        e.on_wave = kind % 2;
        e.ramp_in_s = kind == 0 ? 0.02 : 0;
        if (kind == WAVEFORM_EVENT_HZ_RAMP)
            e.hz = 58;
        add(w, e);
    }
    for (int rest = 4000; rest > 0;) {
        int n = fills_next(&fills, rest);
        waveform_fill(w, n, x);
        for (int k = 0; k < n; k++)
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
                uint64_t bits;
                memcpy(&bits, &x[ch][k], sizeof bits);
                hash = (hash ^ bits ^ bits >> 32) * FILLS_PRIME;
            }
        rest -= n;
    }
    waveform_free(w);
    return hash;
}

static void test_samples_do_not_depend_on_the_fills(void **state)
{
    (void)state;
    fills_do_not_matter(hash_world, 12);
}

static void test_the_bits_are_golden(void **state)
{
    (void)state;
    fills_are_golden(hash_world, GOLDEN);
}

/* A resistor through a sag: energy is the integral of the squared envelope; constant
 * power keeps its own; constant current the integral of the envelope. */
static void test_energy_through_a_sag(void **state)
{
    (void)state;
    static const enum waveform_load_kind KIND[] = { WAVEFORM_LOAD_RESISTOR,
                                                    WAVEFORM_LOAD_POWER,
                                                    WAVEFORM_LOAD_CURRENT };
    /* 0.1 s of ramp 1 → 0.8, 0.4 s at 0.8, 0.2 s back, of 1 s */
    static const double SECONDS[] = { 0.3 * (1 + 0.8 + 0.64) / 3 + 0.4 * 0.64 + 0.3, 1,
                                      0.3 * 0.9 + 0.4 * 0.8 + 0.3 };
    for (int kind = 0; kind < 3; kind++) {
        struct waveform *w = new_world();
        struct waveform_load_spec load = load_defaults(KIND[kind]);
        struct waveform_truth t;
        load.amps = 36;
        load.pf = 1;
        assert_int_equal(waveform_add_load(w, &load), 0);
        add(w, (struct waveform_event){ .kind = WAVEFORM_EVENT_SAG,
                                        .at_s = 0.1,
                                        .percent = 80,
                                        .duration_s = 0.5,
                                        .ramp_in_s = 0.1,
                                        .ramp_out_s = 0.2 });
        fill_samples(w, RATE);
        waveform_truth(w, &t);
        assert_near(t.wh_import[1], 1.1 * SECONDS[kind], 1e-9);
        assert_near(t.wh_import_total, 3.3 * SECONDS[kind], 3e-9);
        waveform_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table),
        cmocka_unit_test(test_a_sag_with_ramps_and_jump),
        cmocka_unit_test(test_events_begin_on_the_exact_sample),
        cmocka_unit_test(test_point_on_wave),
        cmocka_unit_test(test_a_phase_jump_stays),
        cmocka_unit_test(test_the_phase_of_a_frequency_ramp),
        cmocka_unit_test(test_a_new_frequency_ends_a_ramp),
        cmocka_unit_test(test_a_step_between_two_samples),
        cmocka_unit_test(test_a_random_walk),
        cmocka_unit_test(test_transients),
        cmocka_unit_test(test_flicker),
        cmocka_unit_test(test_notches_alias),
        cmocka_unit_test(test_samples_do_not_depend_on_the_fills),
        cmocka_unit_test(test_the_bits_are_golden),
        cmocka_unit_test(test_energy_through_a_sag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
