/* Waveforms as CSV: headings with units, separators, and what is refused. */
#include "comtrade_fixture.h"
#include "waveform/comtrade_csv.h"
#include "waveform/recording.h"

static struct comtrade *read_text(const char *text)
{
    struct comtrade_error error = { "" };
    struct comtrade *f = comtrade_csv_parse("x.csv", text, strlen(text), &error);
    if (!f)
        fail_msg("%s", error.text);
    return f;
}

static void test_columns_have_names_and_units(void **state)
{
    (void)state;
    static const char *const text[] = {
        "# an oscilloscope\ntime [ms],Va [kV],Ia (A)\n0,1,2\n\n0.5,-1,3\n",
        "time ms;Va kV;Ia A\r\n10;1;2\r\n10.5;-1;3\r\n",
        "\"Va [kV]\"\t\"t [us]\"\t\"Ia [A]\"\n1\t0\t2\n-1\t500\t3",
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct comtrade *f = read_text(text[i]);
        assert_int_equal(f->analog_count, 2);
        assert_int_equal(f->count, 2);
        assert_string_equal(f->analog[0].name, "Va");
        assert_string_equal(f->analog[0].unit, "kV");
        assert_string_equal(f->analog[1].unit, "A");
        assert_close(f->seconds[1], 0.0005, 1e-15);
        assert_close(f->value[0][1], -1, 0);
        assert_close(f->value[1][1], 3, 0);
        comtrade_free(f);
    }
}

static void assert_refused(const char *text, const char *expected)
{
    struct comtrade_error error = { "" };
    assert_null(comtrade_csv_parse("x.csv", text, strlen(text), &error));
    assert_string_equal(error.text, expected);
}

static void assert_two(const char *text)
{
    struct comtrade *f = read_text(text);
    assert_int_equal(f->analog_count, 2);
    assert_int_equal(f->count, 2);
    assert_string_equal(f->analog[0].name, "Va");
    assert_string_equal(f->analog[0].unit, "kV");
    assert_string_equal(f->analog[1].unit, "A");
    assert_close(f->seconds[1], 0.0005, 1e-15);
    assert_close(f->value[0][1], -1.25, 0);
    comtrade_free(f);
}

/* Names and units in rows of their own, decimal commas, a byte order mark. */
static void test_files_of_oscilloscopes(void **state)
{
    (void)state;
    assert_two("\xef\xbb\xbfTime,Va,Ia\n(ms),(kV),(A)\n\n0,1,2\n0.5,-1.25,3\n");
    assert_two("time;Va;Ia\r\n[ms];[kV];[A]\r\n0;1;2\r\n0,5;-1,25;3,0\r\n");
    assert_two("Va [kV]\ttime [ms]\tIa A\n1\t0\t2\n-1,25\t0,5\t3\n");
}

static void test_refuses_what_is_no_waveform(void **state)
{
    (void)state;
    assert_refused("", "x.csv: expected a heading, found 'end of file'");
    assert_refused("Va V,Ia A\n1,2\n",
                   "x.csv:1: expected a column 'time' and channels with units, found "
                   "'Va V,Ia A'");
    assert_refused("time h,Va V\n0,1\n",
                   "x.csv:1: expected time in s, ms, us or ns, found 'h'");
    assert_refused(
        "time,Va V\ns\n0,1\n",
        "x.csv:2: expected as many units as the heading has fields, found 's'");
    assert_refused("time,Va V\n0,one\n", "x.csv:2: expected a number, found 'one'");
    assert_refused(
        "time,Va V\n0,1\n1\n",
        "x.csv:3: expected as many fields as the heading has, found 'fewer'");
    assert_refused("time,Va V\n0,1,2\n",
                   "x.csv:2: expected as many fields as the heading has, found '2'");
    assert_refused("time,Va V\n1,1\n1,2\n",
                   "x.csv:3: expected a time above the one before, found 'it falls'");
    assert_refused("time,Va V\n",
                   "x.csv:1: expected a row of data, found 'end of file'");
}

/* A sine at 5 kHz plays as the same file of COMTRADE would. */
static void test_a_recording_is_made_of_it(void **state)
{
    (void)state;
    enum { ROWS = 1000, ROW = 64 };
    static char text[ROWS * ROW];
    size_t used =
        (size_t)sprintf(text, "time [s],Ua [V],Ub [V],Uc [V],Ia [A],Ib [A],Ic [A]\n");
    for (int n = 0; n < ROWS; n++) {
        double t = n / 5000.0, x = sin(2 * 3.14159265358979323846 * 50 * t);
        used += (size_t)sprintf(text + used, "%.6f,%.6f,0,0,%.6f,0,0\n", t, 325 * x,
                                14 * x);
    }
    struct comtrade *f = read_text(text);
    struct comtrade_error error = { "" };
    struct recording_options options = { .before_s = 0 };
    struct recording *r = recording_from_comtrade(f, &options, &error);
    if (!r)
        fail_msg("%s", error.text);
    assert_close(r->hz, 50, 1e-3);
    assert_int_equal(r->channel[WAVEFORM_IC], 6);
    double peak = 0;
    for (int64_t n = 0; n < r->count; n++)
        peak = fmax(peak, fabs(r->x[WAVEFORM_VA][n]));
    assert_close(peak, 325, 0.4);
    recording_free(r);
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_have_names_and_units),
        cmocka_unit_test(test_files_of_oscilloscopes),
        cmocka_unit_test(test_refuses_what_is_no_waveform),
        cmocka_unit_test(test_a_recording_is_made_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
