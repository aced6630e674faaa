/* Recordings from files made by formula: frequency, extension, rates and skew, against
 * the formula at every sample; then the recordings that are shipped, and the shared. */
#include "comtrade_fixture.h"
#include "waveform/recording.h"
#include <time.h>

static double line_hz = 60;

/* Amplitude per channel, and two harmonics. */
static double periodic(int channel, double t)
{
    static const double size[] = { 390, 392, 388, 110, 90, 100 };
    double turn = 2 * M_PI * (line_hz * t - channel / 3.0 + 0.05);
    return size[channel] *
           (sin(turn) + 0.05 * sin(5 * turn + 0.4) + 0.03 * sin(7 * turn + 1));
}

/* A fault from 0.11 s to 0.23 s: sag, jump of phase, decaying DC in the currents. */
static double faulted(int channel, double t)
{
    bool fault = t >= 0.11 && t < 0.23;
    double turn = 2 * M_PI * (line_hz * t - channel / 3.0);
    if (channel < 3)
        return (fault ? 120 : 390) * sin(turn - (fault ? 0.6 : 0));
    return fault ? 900 * sin(turn - 1.2) + 800 * exp(-(t - 0.11) / 0.03)
                 : 100 * sin(turn - 0.3);
}

static double noisy(int channel, double t)
{
    static uint32_t seed = 1;
    seed = seed * 1664525u + 1013904223u;
    return periodic(channel, t) * (1 + 0.02 * ((seed >> 8) / 8388608.0 - 1));
}

static double dead(int channel, double t)
{
    (void)channel;
    (void)t;
    return 0;
}

static struct recording *record(const struct comtrade *f,
                                const struct recording_options *options)
{
    struct comtrade_error error = { "" };
    struct recording *r = recording_from_comtrade(f, options, &error);
    if (!r)
        fail_msg("%s", error.text);
    return r;
}

/* Largest error against the formula as a part of a channel's amplitude. */
static double error_of(const struct recording *r, fixture_wave *wave, int64_t from,
                       int64_t to)
{
    double most = 0;
    for (int c = 0; c < FIXTURE_CHANNELS; c++)
        for (int64_t n = from; n < to; n++) {
            double t = (double)(n - r->first) / r->samples_per_s;
            most = fmax(most, fabs(r->x[c][n] - wave(c, t)) / (c < 3 ? 390 : 100));
        }
    return most;
}

static const struct recording_options plain;

static void finds_the_line_frequency(void **state)
{
    (void)state;
    static const double hz[] = { 45.5, 49.87, 50, 55, 59.93, 60, 61.234, 65 };
    static const double rate[] = { 600, 1200, 4800, 7678.4833984375, 100000 };
    double most = 0;
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < 5; k++) {
            line_hz = hz[i];
            struct comtrade *f =
                fixture_file((int64_t)(0.25 * rate[k]), rate[k], NULL, periodic);
            struct recording *r = record(f, &plain);
            most = fmax(most, fabs(r->hz - hz[i]));
            recording_free(r);
            comtrade_free(f);
        }
    print_message("frequency within %.2g Hz\n", most);
    assert_true(most < 0.002);
}

static void finds_it_through_a_fault_and_noise(void **state)
{
    (void)state;
    for (line_hz = 49.8; line_hz < 61; line_hz += 10.3) {
        fixture_wave *const wave[] = { faulted, noisy };
        for (int i = 0; i < 2; i++) {
            struct comtrade *f = fixture_file(2400, 4800, NULL, wave[i]);
            struct recording *r = record(f, &plain);
            assert_close(r->hz, line_hz, 0.01);
            recording_free(r);
            comtrade_free(f);
        }
    }
}

static void finds_it_in_currents_alone(void **state)
{
    (void)state;
    line_hz = 50.2;
    struct comtrade *f = fixture_file(480, 1200, NULL, periodic);
    struct recording_options options = { .channel = { "none", "none", "none" } };
    struct recording *r = record(f, &options);
    assert_close(r->hz, 50.2, 0.001);
    for (int64_t n = 0; n < r->count; n++)
        assert_true(r->x[0][n] == 0);
    recording_free(r);
    comtrade_free(f);
}

/* A wave that repeats is extended into itself: phase and shape go on exactly. */
static void extends_by_whole_cycles(void **state)
{
    (void)state;
    static const double hz[] = { 60, 59.93, 50, 61.7 };
    static const double rate[] = { 1200, 4800, 7678.4833984375, 100000 };
    double most = 0;
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            line_hz = hz[i];
            struct comtrade *f =
                fixture_file((int64_t)(0.4 * rate[k]), rate[k], NULL, periodic);
            struct recording_options options = { .before_s = 1,
                                                 .after_s = 2,
                                                 .hz = hz[i] };
            struct recording *r = record(f, &options);
            assert_true((double)r->first >= 2520);
            assert_true((double)r->first <= 2520 * (1 + 1 / hz[i]) + 1);
            assert_true((double)(r->count - 1 - r->last) >= 2 * 2520);
            double wrong = error_of(r, periodic, 0, r->count);
            if (k > 0)
                most = fmax(most, wrong);
            assert_true(wrong < (k > 0 ? 1e-4 : 2e-3));
            recording_free(r);
            comtrade_free(f);
        }
    print_message("extended within %.2g of the amplitude\n", most);
}

/* With the frequency found, not given, and 10 s on each side. */
static void extends_far_at_the_frequency_found(void **state)
{
    (void)state;
    line_hz = 60.02;
    struct comtrade *f = fixture_file(3000, 7678.4833984375, NULL, periodic);
    struct recording_options options = { .before_s = 10, .after_s = 10 };
    struct recording *r = record(f, &options);
    assert_true(error_of(r, periodic, 0, r->count) < 0.02);
    recording_free(r);
    comtrade_free(f);
}

static double steepest_step(const struct recording *r, int channel, int64_t from,
                            int64_t to)
{
    double most = 0;
    for (int64_t n = from + 1; n < to; n++)
        most = fmax(most, fabs(r->x[channel][n] - r->x[channel][n - 1]));
    return most;
}

/* No copy joins with a step: between two samples no voltage moves further than its
 * steepest sine does. The record ends inside the fault and at no whole cycle; there,
 * the copies of the currents make up for the DC that decays in a cycle (some 290 A)
 * over an eighth of it, which may double their slope, where a step would be a whole 290
 * A. */
static void joins_without_a_step(void **state)
{
    (void)state;
    line_hz = 60;
    struct comtrade *f = fixture_file(1010, 7678.4833984375, NULL, faulted);
    struct recording_options options = { .before_s = 0.5, .after_s = 0.5, .hz = 60 };
    struct recording *r = record(f, &options);
    double slope = 2 * M_PI * 60 / 2520;
    for (int c = 0; c < FIXTURE_CHANNELS; c++) {
        double before = (c < 3 ? 390 : 100) * slope,
               after = (c < 3 ? 120 : 900) * slope;
        assert_true(steepest_step(r, c, 0, r->first + 60) < 1.01 * before);
        assert_true(steepest_step(r, c, r->last - 4, r->count) <
                    (c < 3 ? 1.2 : 2) * after);
    }
    recording_free(r);
    comtrade_free(f);
}

static void plays_the_record_itself_in_between(void **state)
{
    (void)state;
    line_hz = 60;
    struct comtrade *f = fixture_file(40001, 100000, NULL, faulted);
    struct recording_options options = { .before_s = 0.3, .after_s = 0.3 };
    struct recording *r = record(f, &options);
    assert_int_equal(r->last - r->first, 1008);
    int64_t fault = r->first + (int64_t)(0.11 * 2520), reach = 70;
    assert_true(error_of(r, faulted, r->first, fault - reach) < 2e-3);
    int64_t end = r->first + (int64_t)(0.23 * 2520);
    assert_true(error_of(r, faulted, fault + reach, end - reach) < 2e-3);
    assert_true(error_of(r, faulted, end + reach, r->last) < 2e-3);
    recording_free(r);
    comtrade_free(f);
}

static void joins_sections_of_several_rates(void **state)
{
    (void)state;
    enum { COUNT = 1500 };
    static double seconds[COUNT];
    line_hz = 60;
    for (int n = 1; n < COUNT; n++)
        seconds[n] = seconds[n - 1] + (n < 400 || n >= 1300 ? 1 / 2400.0 : 1 / 9600.0);
    struct comtrade *f = fixture_file(COUNT, 0, seconds, periodic);
    struct recording *stamped = record(f, &plain);
    f->rate_count = 3;
    f->rate[0] = (struct comtrade_rate){ 2400, 400 };
    f->rate[1] = (struct comtrade_rate){ 9600, 1300 };
    f->rate[2] = (struct comtrade_rate){ 2400, COUNT };
    struct recording *rated = record(f, &plain);
    double a = error_of(stamped, periodic, 0, stamped->count);
    double b = error_of(rated, periodic, 0, rated->count);
    print_message("sections within %.2g, by time stamps %.2g\n", b, a);
    assert_true(a < 2e-3 && b < 2e-3);
    recording_free(stamped);
    recording_free(rated);
    comtrade_free(f);
}

/* Stamps rounded to us are an even rate. */
static void reads_even_time_stamps(void **state)
{
    (void)state;
    enum { COUNT = 600 };
    static double seconds[COUNT];
    line_hz = 50;
    for (int n = 0; n < COUNT; n++)
        seconds[n] = floor(n * 1e6 / 1200) * 1e-6;
    struct comtrade *f = fixture_file(COUNT, 0, seconds, periodic);
    struct recording *r = record(f, &plain);
    assert_close(r->hz, 50, 0.01);
    assert_true(error_of(r, periodic, 0, r->count) < 5e-3);
    recording_free(r);
    comtrade_free(f);
}

static double skewed(int channel, double t)
{
    return periodic(channel, channel == 4 ? t + 130e-6 : t);
}

static void puts_skew_right(void **state)
{
    (void)state;
    line_hz = 60;
    struct comtrade *f = fixture_file(1920, 4800, NULL, skewed);
    f->analog[4].skew_us = 130;
    struct recording *r = record(f, &plain);
    assert_true(error_of(r, periodic, 60, r->count - 60) < 1e-3);
    recording_free(r);
    comtrade_free(f);
}

static void scales(void **state)
{
    (void)state;
    line_hz = 60;
    struct comtrade *f = fixture_file(1920, 4800, NULL, periodic);
    struct recording_options options = { .scale_v = 0.5, .scale_i = -3 };
    struct recording *r = record(f, &plain);
    for (int c = 0; c < 3; c++)
        strcpy(f->analog[c].unit, "kV");
    struct recording *s = record(f, &options);
    for (int64_t n = 0; n < r->count; n++) {
        assert_close(s->x[0][n], 500 * r->x[0][n], 1e-6);
        assert_close(s->x[5][n], -3 * r->x[5][n], 1e-9);
    }
    recording_free(r);
    recording_free(s);
    comtrade_free(f);
}

static void assert_refused(struct comtrade *f, const struct recording_options *options,
                           const char *expected)
{
    struct comtrade_error error = { "" };
    assert_null(recording_from_comtrade(f, options, &error));
    assert_string_equal(error.text, expected);
    comtrade_free(f);
}

static struct recording *make_noted(struct comtrade *f, const char *note)
{
    struct comtrade_error error = { "" };
    struct recording *r = recording_from_comtrade(f, &plain, &error);
    comtrade_free(f);
    if (!r)
        fail_msg("%s", error.text);
    assert_string_equal(r->note, note);
    return r;
}

/* The header's frequency where the record has none to be found: dead, or too short. */
static void falls_back_on_the_header(void **state)
{
    (void)state;
    line_hz = 60;
    struct comtrade *f = fixture_file(4800, 4800, NULL, dead);
    f->line_hz = 59.5;
    struct recording *r =
        make_noted(f, "no line frequency is found in the record: the header's 59.5 Hz");
    assert_close(r->hz, 59.5, 0);
    recording_free(r);
    f = fixture_file(121, 4800, NULL, periodic);
    f->line_hz = 60;
    r = make_noted(f, "no line frequency is found in the record: the header's 60 Hz");
    assert_int_equal(r->count, 64);
    recording_free(r);
}

/* Whatever frequency noise seems to have, it is none. */
static double only_noise(int channel, double t)
{
    static uint32_t seed = 1;
    (void)channel;
    (void)t;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) / 8388608.0 - 1;
}

static void noise_has_no_line_frequency(void **state)
{
    (void)state;
    for (int k = 0; k < 8; k++) {
        struct comtrade *f = fixture_file(4800, 4800, NULL, only_noise);
        f->line_hz = 50;
        struct recording *r = make_noted(
            f, "no line frequency is found in the record: the header's 50 Hz");
        assert_close(r->hz, 50, 0);
        recording_free(r);
    }
}

static void plays_slow_files(void **state)
{
    (void)state;
    line_hz = 60;
    struct comtrade *f = fixture_file(500, 500, NULL, periodic);
    f->line_hz = 60;
    struct recording *r = make_noted(
        f, "500 samples a second: harmonics above 250 Hz are not in the record");
    assert_close(r->hz, 60, 0.01);
    recording_free(r);
}

/* The loop that END_HOLD adds closes on itself: value and slope go on. */
static void holds_the_last_cycles(void **state)
{
    (void)state;
    line_hz = 59.93;
    struct comtrade *f = fixture_file(2400, 4800, NULL, periodic);
    const struct recording_options hold = { .at_end = RECORDING_END_HOLD };
    struct comtrade_error error = { "" };
    struct recording *r = recording_from_comtrade(f, &hold, &error);
    comtrade_free(f);
    if (!r)
        fail_msg("%s", error.text);
    double cycles = (double)r->loop / 2520 * r->hz;
    assert_true(r->loop > 0 && r->loop <= 4 * 2520);
    assert_close(cycles, floor(cycles + 0.5), 1e-3);
    for (int c = 0; c < WAVEFORM_CHANNELS; c++) {
        const double *x = r->x[c], *loop = x + r->count;
        double most = 0;
        for (int64_t n = 1; n < r->count + r->loop; n++)
            most = fmax(most, fabs(x[n] - x[n - 1]));
        assert_true(most > 0);
        assert_true(fabs(loop[0] - loop[r->loop - 1]) <= 1.01 * most);
    }
    recording_free(r);
}

static void refuses_what_cannot_be_played(void **state)
{
    (void)state;
    line_hz = 60;
    assert_refused(
        fixture_file(500, 150, NULL, periodic), &plain,
        "samples 1 and 2 are 0.00666667 s apart: at least 200 samples a second "
        "are needed");
    assert_refused(fixture_file(10, 4800, NULL, periodic), &plain,
                   "expected at least 16 samples, found 10");
    struct comtrade *unknown = fixture_file(4800, 4800, NULL, dead);
    unknown->line_hz = 0;
    assert_refused(
        unknown, &plain,
        "no line frequency of 40 to 70 Hz found in 0.999792 s of record, and "
        "none in the header: give hz");
    struct recording_options options = { .hz = 60 };
    assert_refused(fixture_file(97, 4800, NULL, periodic), &options,
                   "the record is 0.02 s long, less than 1.25 cycles of 60 Hz");
    options.before_s = 3601;
    assert_refused(fixture_file(101, 4800, NULL, periodic), &options,
                   "expected an extension of 0 to 3600 s");
    options = (struct recording_options){ .samples_per_s = 10 };
    assert_refused(fixture_file(101, 4800, NULL, periodic), &options,
                   "expected 600 to 200000 samples a second, found 10");
    struct comtrade *f = fixture_file(480, 4800, NULL, periodic);
    f->value[2][7] = 1e13;
    assert_refused(f, &plain, "channel Vc: 1e+13 at sample 8 is no voltage");
}

static double rms_of(const struct recording *r, int channel, double from_s, double to_s)
{
    int64_t from = r->first + (int64_t)(from_s * 2520),
            to = r->first + (int64_t)(to_s * 2520);
    double sum = 0;
    for (int64_t n = from; n < to; n++)
        sum += r->x[channel][n] * r->x[channel][n];
    return sqrt(sum / (double)(to - from));
}

static struct recording *shipped(const char *name)
{
    char path[FIXTURE_PATH];
    snprintf(path, sizeof path, "%s/recordings/%s.cfg", SOURCE_DIR, name);
    struct comtrade *f = fixture_read(path);
    assert_string_equal(f->warning, "");
    struct recording *r = record(f, &plain);
    comtrade_free(f);
    return r;
}

static void ships_a_sag(void **state)
{
    (void)state;
    struct recording *r = shipped("sag_b_480v");
    assert_close(r->hz, 60, 0.01);
    assert_close(rms_of(r, 0, 0.05, 0.15), 277.2, 0.5);
    assert_close(rms_of(r, 1, 0.2, 0.3), 0.45 * 277.13, 2);
    assert_close(rms_of(r, 1, 0.4, 0.45), 277.2, 2);
    assert_close(rms_of(r, 3, 0.05, 0.15), 80.2, 0.5);
    assert_true(rms_of(r, 4, 0.2, 0.3) > 170);
    recording_free(r);
}

static void ships_a_motor_start(void **state)
{
    (void)state;
    struct recording *r = shipped("motor_start");
    assert_close(r->hz, 60, 0.01);
    assert_close(rms_of(r, 4, 0.05, 0.15), 12.8, 0.3);
    assert_close(rms_of(r, 4, 0.3, 0.4), 393.6, 0.5);
    assert_close(rms_of(r, 4, 1.3, 1.4), 65.4, 0.5);
    assert_close(rms_of(r, 0, 0.3, 0.4), 264.54, 0.3);
    recording_free(r);
}

static void ships_a_feeder(void **state)
{
    (void)state;
    struct recording *r = shipped("feeder_1991");
    assert_close(r->hz, 50, 0.01);
    assert_close(rms_of(r, 0, 0.04, 0.14), 231.2, 0.5);
    assert_close(rms_of(r, 3, 0.04, 0.14), 42.3, 0.3);
    assert_close(rms_of(r, 3, 0.26, 0.36), 61.4, 1);
    recording_free(r);
}

static void plays_the_shared_recordings(void **state)
{
    (void)state;
    struct recording_options options = { .before_s = 1, .after_s = 1 };
    struct comtrade *f = fixture_shared("epri_pq/1999-ascii-pq.cfg");
    struct recording *r = record(f, &options);
    assert_close(r->hz, 60, 0.05);
    assert_int_equal(r->channel[WAVEFORM_VA], 4);
    assert_int_equal(r->channel[WAVEFORM_IA], 1);
    recording_free(r);
    comtrade_free(f);
    f = fixture_shared("pnnl/f3_43abc675run.cfg");
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    r = record(f, &options);
    clock_gettime(CLOCK_MONOTONIC, &b);
    print_message("40001 samples in %.0f ms\n",
                  (double)(b.tv_sec - a.tv_sec) * 1e3 +
                      (double)(b.tv_nsec - a.tv_nsec) * 1e-6);
    assert_close(r->hz, 60, 0.01);
    for (int c = 0; c < FIXTURE_CHANNELS; c++)
        assert_int_equal(r->channel[c], c + 1);
    recording_free(r);
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_line_frequency),
        cmocka_unit_test(finds_it_through_a_fault_and_noise),
        cmocka_unit_test(finds_it_in_currents_alone),
        cmocka_unit_test(extends_by_whole_cycles),
        cmocka_unit_test(extends_far_at_the_frequency_found),
        cmocka_unit_test(joins_without_a_step),
        cmocka_unit_test(plays_the_record_itself_in_between),
        cmocka_unit_test(joins_sections_of_several_rates),
        cmocka_unit_test(reads_even_time_stamps),
        cmocka_unit_test(puts_skew_right),
        cmocka_unit_test(scales),
        cmocka_unit_test(falls_back_on_the_header),
        cmocka_unit_test(noise_has_no_line_frequency),
        cmocka_unit_test(plays_slow_files),
        cmocka_unit_test(holds_the_last_cycles),
        cmocka_unit_test(refuses_what_cannot_be_played),
        cmocka_unit_test(ships_a_sag),
        cmocka_unit_test(ships_a_motor_start),
        cmocka_unit_test(ships_a_feeder),
        cmocka_unit_test(plays_the_shared_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
