/* What comtrade_write writes, comtrade_read reads: every revision and format. And the
 * shared recordings, against figures found by other means. */
#include "comtrade_fixture.h"
#include <unistd.h>

static double wave(int channel, double t)
{
    return 100 * (channel + 1) * sin(2 * M_PI * (60 * t - channel / 3.0)) + 0.125;
}

static struct comtrade *make(int revision, enum comtrade_format format, double hz)
{
    static const double seconds[5] = { 0, 0.001, 0.0021, 0.003456, 0.01 };
    struct comtrade *f = fixture_file(hz > 0 ? 200 : 5, hz, seconds, wave);
    f->revision = revision;
    f->format = format;
    strcpy(f->station, "Mill");
    f->start = (struct comtrade_time){ 1998, 12, 3, 4, 5, 6.789 };
    f->trigger = (struct comtrade_time){ 1998, 12, 3, 4, 5, 7.25 };
    f->status_count = 17;
    f->status_name = fixture_allocate(17, sizeof *f->status_name);
    f->status = fixture_allocate(17, sizeof *f->status);
    for (int i = 0; i < 17; i++) {
        snprintf(f->status_name[i], COMTRADE_TEXT, "D%d", i + 1);
        f->status[i] = fixture_allocate((size_t)f->count, 1);
        for (int64_t n = 0; n < f->count; n++)
            f->status[i][n] = (n >> i % 5 & 1) != 0;
    }
    for (int c = 0; c < FIXTURE_CHANNELS; c++) {
        f->analog[c].a = format == COMTRADE_FLOAT32 ? 1 : 0.1;
        f->analog[c].b = 0.3 * c;
    }
    return f;
}

static struct comtrade *round_trip(const struct comtrade *f)
{
    char folder[] = "/tmp/comtrade-XXXXXX", path[64], name[80];
    struct comtrade_error error = { "" };
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x", folder);
    if (comtrade_write(f, path, &error))
        fail_msg("%s", error.text);
    snprintf(name, sizeof name, "%s.cfg", path);
    struct comtrade *back = fixture_read(name);
    remove(name);
    snprintf(name, sizeof name, "%s.dat", path);
    remove(name);
    rmdir(folder);
    return back;
}

static void assert_same(const struct comtrade *a, const struct comtrade *b,
                        double tolerance)
{
    assert_string_equal(b->warning, "");
    assert_int_equal(b->revision, a->revision);
    assert_int_equal(b->format, a->format);
    assert_int_equal(b->count, a->count);
    assert_string_equal(b->station, a->station);
    assert_memory_equal(&b->start, &a->start, sizeof a->start);
    assert_memory_equal(&b->trigger, &a->trigger, sizeof a->trigger);
    for (int64_t n = 0; n < a->count; n++) {
        assert_close(b->seconds[n], a->seconds[n], 1e-12);
        for (int c = 0; c < a->analog_count; c++)
            assert_close(b->value[c][n], a->value[c][n], tolerance);
        for (int c = 0; c < a->status_count; c++)
            assert_int_equal(b->status[c][n], a->status[c][n]);
    }
}

static void returns_what_was_written(void **state)
{
    (void)state;
    static const struct {
        int revision;
        enum comtrade_format format;
        double tolerance;
    } kind[] = {
        { 1991, COMTRADE_ASCII, 0.0501 },    { 1991, COMTRADE_BINARY, 0.0501 },
        { 1999, COMTRADE_ASCII, 0.0501 },    { 1999, COMTRADE_BINARY, 0.0501 },
        { 2013, COMTRADE_ASCII, 0.0501 },    { 2013, COMTRADE_BINARY, 0.0501 },
        { 2013, COMTRADE_BINARY32, 0.0501 }, { 2013, COMTRADE_FLOAT32, 4e-5 },
    };
    for (size_t i = 0; i < sizeof kind / sizeof kind[0]; i++)
        for (int rated = 0; rated < 2; rated++) {
            struct comtrade *f =
                make(kind[i].revision, kind[i].format, rated ? 1234.5678901234 : 0);
            struct comtrade *back = round_trip(f);
            assert_same(f, back, kind[i].tolerance);
            assert_int_equal(back->rate_count, rated);
            if (rated)
                assert_close(back->rate[0].hz, 1234.5678901234, 0);
            comtrade_free(back);
            comtrade_free(f);
        }
}

/* Writing again what was read changes nothing. */
static void is_stable(void **state)
{
    (void)state;
    struct comtrade *f = make(1999, COMTRADE_BINARY, 4800);
    struct comtrade *once = round_trip(f), *twice = round_trip(once);
    for (int c = 0; c < FIXTURE_CHANNELS; c++)
        assert_memory_equal(once->value[c], twice->value[c],
                            (size_t)once->count * sizeof(double));
    comtrade_free(f);
    comtrade_free(once);
    comtrade_free(twice);
}

static void refuses_what_does_not_fit(void **state)
{
    (void)state;
    struct comtrade_error error;
    struct comtrade *f = make(1999, COMTRADE_BINARY, 4800);
    f->analog[5].a = 0.01;
    assert_int_equal(comtrade_write(f, "/tmp/metersim-does-not-fit", &error), -1);
    assert_non_null(strstr(error.text, "does not fit BINARY with a = 0.01"));
    remove("/tmp/metersim-does-not-fit.cfg");
    remove("/tmp/metersim-does-not-fit.dat");
    f->format = COMTRADE_FLOAT32;
    assert_int_equal(comtrade_write(f, "/tmp/x", &error), -1);
    assert_string_equal(error.text, "there is no FLOAT32 of revision 1999");
    comtrade_free(f);
}

static double rms(const struct comtrade *f, int channel)
{
    double sum = 0;
    for (int64_t n = 0; n < f->count; n++)
        sum += f->value[channel][n] * f->value[channel][n];
    return sqrt(sum / (double)f->count);
}

struct figures {
    int channel;
    double first, last, rms;
};

static void assert_figures(const struct comtrade *f, const struct figures *g, int count)
{
    for (int i = 0; i < count; i++) {
        const double *x = f->value[g[i].channel];
        assert_close(x[0], g[i].first, 1e-7 * fabs(g[i].first));
        assert_close(x[f->count - 1], g[i].last, 1e-7 * fabs(g[i].last));
        assert_close(rms(f, g[i].channel), g[i].rms, 1e-10 * g[i].rms);
    }
}

/* Figures by a script of a few lines, apart from this program. */
static void reads_the_feeder(void **state)
{
    (void)state;
    static const struct figures figures[] = {
        { 0, 101.061389, 207.964323, 188.545982747 },
        { 1, -151.760395, -125.587904, 139.39253945 },
        { 2, 76.3669723, -68.5590406, 90.2594051251 },
        { 3, 2112.15135, 2510.5197, 7767.30281092 },
        { 4, -10306.7354, -6906.49075, 5885.39604046 },
        { 5, 8381.56158, 3849.17427, 5935.48175243 },
    };
    struct comtrade *f = fixture_shared("epri_pq/1999-ascii-pq.cfg");
    assert_int_equal(f->count, 3584);
    assert_close(f->rate[0].hz, 7678.4833984375, 0);
    assert_close(f->seconds[3583], 3583 / 7678.4833984375, 1e-12);
    assert_figures(f, figures, 6);
    assert_string_equal(f->warning, "");
    comtrade_free(f);
}

static void reads_the_simulated_fault(void **state)
{
    (void)state;
    static const struct figures figures[] = {
        { 0, 3348.85205078125, 2659.525390625, 2092.61787583 },
        { 1, -1740.5745849609375, -1464.142822265625, 2103.38329449 },
        { 2, -1611.6756591796875, -1162.617919921875, 2126.33848719 },
        { 3, 691.8186645507812, 1844.37255859375, 3000.66811143 },
        { 4, -388.7725830078125, -4993.23876953125, 2848.8884897 },
        { 5, -117.41168212890625, 2998.915283203125, 2815.49310716 },
    };
    struct comtrade *f = fixture_shared("pnnl/f3_43abc675run.cfg");
    assert_int_equal(f->count, 40001);
    assert_int_equal(f->format, COMTRADE_FLOAT32);
    assert_close(f->line_hz, 50, 0); /* it is 60 */
    assert_string_equal(f->analog[0].name, "SBUS A          V-node");
    assert_figures(f, figures, 6);
    comtrade_free(f);
}

static void reads_the_relay(void **state)
{
    (void)state;
    static const struct figures figures[] = {
        { 0, -0.001, -0.001, 3.50364576293 },
        { 4, 0.025, -0.02, 0.0139212607778 },
        { 21, -0.001, -0.001, 3.50318088352 },
    };
    struct comtrade *f = fixture_shared("relay_1991/ascii_1991.cfg");
    assert_int_equal(f->count, 2131);
    assert_int_equal(f->rate_count, 8);
    assert_int_equal(f->status_count, 37);
    assert_figures(f, figures, 3);
    int set = 0, always = 0;
    for (int64_t n = 0; n < f->count; n++) {
        set += f->status[10][n];
        always += f->status[0][n];
    }
    assert_int_equal(set, 754);
    assert_int_equal(always, 2131);
    assert_close(f->seconds[2130], 1.775, 1e-12);
    assert_non_null(strstr(f->warning, "jump by 3.28083 s after sample 289"));
    comtrade_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(returns_what_was_written),  cmocka_unit_test(is_stable),
        cmocka_unit_test(refuses_what_does_not_fit), cmocka_unit_test(reads_the_feeder),
        cmocka_unit_test(reads_the_simulated_fault), cmocka_unit_test(reads_the_relay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
