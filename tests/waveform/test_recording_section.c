/* Parts of a record: sections of several rates, times to cut at, voltages that die. */
#include "comtrade_fixture.h"
#include "waveform/recording.h"

#define TURN (2 * 3.14159265358979323846)

/* Va Vb Vc Ia Ib Ic of 60 Hz; stamps in whole microseconds, as relays write them. The
 * voltage dies at `dies`. */
static struct comtrade *make(const int rate[3], const int samples[3], double dies)
{
    static char cfg[2048], dat[400000];
    struct comtrade_error error = { "" };
    double t = 0;
    size_t used = 0;
    int n = 0, end = 0;
    int at = sprintf(cfg, "Mill,Relay,1999\n6,6A,0D\n");
    for (int c = 0; c < 6; c++)
        at += sprintf(cfg + at, "%d,%c%c,%c,,%c,0.001,0,0,-1,1,1,1,P\n", c + 1,
                      "VI"[c / 3], "abc"[c % 3], "ABC"[c % 3], "VA"[c / 3]);
    at += sprintf(cfg + at, "60\n3\n");
    for (int s = 0; s < 3; s++)
        at += sprintf(cfg + at, "%d,%d\n", rate[s], end += samples[s]);
    sprintf(cfg + at, "01/02/1999,10:20:30.5\n01/02/1999,10:20:30.5\nASCII\n1\n");
    for (int s = 0; s < 3; s++)
        for (int k = 0; k < samples[s]; k++, t += 1.0 / rate[s]) {
            used += (size_t)sprintf(dat + used, "%d,%.0f", ++n, t * 1e6);
            for (int c = 0; c < 6; c++) {
                double late = t - dies, size = late < 0 ? 1 : exp(-late / 0.05);
                double hz = late < 0 || c > 2 ? 60 : 52;
                used +=
                    (size_t)sprintf(dat + used, ",%.0f",
                                    1e5 * (c < 3 ? size : late < 0) *
                                        sin(TURN * (60 * (late < 0 ? t : dies) +
                                                    hz * fmax(late, 0) - c % 3 / 3.0)));
            }
            used += (size_t)sprintf(dat + used, "\n");
        }
    struct comtrade *f = comtrade_parse("x.cfg", cfg, strlen(cfg), dat, used, &error);
    if (!f)
        fail_msg("%s", error.text);
    return f;
}

static struct recording *play(const struct comtrade *f,
                              const struct recording_options *options)
{
    struct comtrade_error error = { "" };
    struct recording *r = recording_from_comtrade(f, options, &error);
    if (!r)
        fail_msg("%s", error.text);
    return r;
}

/* The stamps, not the rates, say that the step at a joint is that of the slower side;
 * the sine goes through both joints as if they were not there. */
static void test_joints_of_rates_do_not_show(void **state)
{
    (void)state;
    static const struct recording_options options = { .samples_per_s = 2520 };
    struct comtrade *f =
        make((int[]){ 960, 7680, 1920 }, (int[]){ 96, 1536, 384 }, INFINITY);
    struct recording *r = play(f, &options);
    assert_close(f->seconds[96] - f->seconds[95], 1 / 960.0, 1e-9);
    assert_close(r->hz, 60, 2e-3);
    for (int64_t n = 0; n < r->count; n++) {
        double t = (double)n / 2520;
        for (int c = 0; c < 6; c++)
            assert_close(r->x[c][n], 100 * sin(TURN * (60 * t - c % 3 / 3.0)), 0.15);
    }
    assert_string_equal(r->note, "");
    recording_free(r);
    comtrade_free(f);
}

static void test_slow_sections_are_left_out(void **state)
{
    (void)state;
    static const struct recording_options options = { .samples_per_s = 2520 };
    struct comtrade *f =
        make((int[]){ 240, 3840, 120 }, (int[]){ 60, 1920, 30 }, INFINITY);
    struct recording *r = play(f, &options);
    assert_string_equal(r->note,
                        "samples 1 to 60 and samples 1982 to 2010 are left out: fewer "
                        "than 600 samples a second");
    assert_close((double)(r->last - r->first) / 2520, 1919 / 3840.0, 1e-3);
    recording_free(r);
    comtrade_free(f);
}

static void test_times_cut_the_record(void **state)
{
    (void)state;
    struct comtrade_error error = { "" };
    struct recording_options options = { .from_s = 0.1, .to_s = 0.3 };
    struct comtrade *f =
        make((int[]){ 3840, 3840, 3840 }, (int[]){ 600, 600, 600 }, INFINITY);
    struct recording *r = play(f, &options);
    assert_close((double)(r->last - r->first) / 2520, 0.2, 1e-3);
    assert_close(r->x[0][r->first], 100 * sin(TURN * 60 * 0.1), 1);
    recording_free(r);
    options = (struct recording_options){ .from_s = 3 };
    assert_null(recording_from_comtrade(f, &options, &error));
    assert_non_null(strstr(error.text, "no samples from 3 to 0.468"));
    comtrade_free(f);
}

/* What rings on at 52 Hz after the voltage has gone has little power. */
static void test_a_dying_voltage_keeps_its_frequency(void **state)
{
    (void)state;
    static const struct recording_options options = { .samples_per_s = 2520 };
    struct comtrade *f =
        make((int[]){ 3840, 3840, 3840 }, (int[]){ 600, 600, 600 }, 0.2);
    struct recording *r = play(f, &options);
    assert_close(r->hz, 60, 0.02);
    recording_free(r);
    f->line_hz = 50;
    r = play(f, &options);
    assert_close(r->hz, 60, 0.02);
    assert_non_null(strstr(r->note, "the header says 50 Hz, the record has 60.0"));
    recording_free(r);
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joints_of_rates_do_not_show),
        cmocka_unit_test(test_slow_sections_are_left_out),
        cmocka_unit_test(test_times_cut_the_record),
        cmocka_unit_test(test_a_dying_voltage_keeps_its_frequency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
