/* COMTRADE written row by row: the reader gives every value back, files that are there
 * stay, and what cannot be written is told. */
#include "comtrade_fixture.h"
#include "waveform/comtrade_stream.h"
#include <signal.h>
#include <sys/resource.h>

enum { ROWS = 5000 };

static struct comtrade_analog analog[FIXTURE_CHANNELS];
static char status[2][COMTRADE_TEXT] = { "one", "two" };
static struct comtrade_rate rate = { 2520, 0 };

static struct comtrade header(void)
{
    struct comtrade f = { .revision = 2013,
                          .format = COMTRADE_FLOAT32,
                          .analog_count = FIXTURE_CHANNELS,
                          .status_count = 2,
                          .analog = analog,
                          .status_name = status,
                          .rate_count = 1,
                          .rate = &rate,
                          .line_hz = 60,
                          .start = { 2000, 1, 1, 0, 0, 0 } };
    strcpy(f.station, "meter1");
    fixture_names(&f);
    for (int ch = 0; ch < FIXTURE_CHANNELS; ch++)
        f.analog[ch].a = 7.020235061645508e-05;
    return f;
}

/* Codes of 24 bits, which float32 holds exactly. */
static float code(int ch, int row)
{
    return (float)((ch + 1) * 1234567 % 8388608 - row * 1000);
}

static int write_file(const char *path, struct comtrade_error *error)
{
    struct comtrade f = header();
    struct comtrade_stream *s = comtrade_stream_open(&f, path, error);

    if (!s)
        return -1;
    for (int row = 0; row < ROWS; row++) {
        float raw[FIXTURE_CHANNELS];
        for (int ch = 0; ch < FIXTURE_CHANNELS; ch++)
            raw[ch] = code(ch, row);
        comtrade_stream_row(s, raw, (unsigned)(row / 100 % 4));
    }
    assert_int_equal(comtrade_stream_rows(s), ROWS);
    return comtrade_stream_close(s, error);
}

static void make_folder(char folder[], char path[FIXTURE_PATH])
{
    assert_non_null(mkdtemp(folder));
    snprintf(path, FIXTURE_PATH, "%s/waves", folder);
}

static void remove_folder(const char *folder, const char *path)
{
    char name[FIXTURE_PATH + 8];

    snprintf(name, sizeof name, "%s.cfg", path);
    unlink(name);
    snprintf(name, sizeof name, "%s.dat", path);
    unlink(name);
    assert_int_equal(rmdir(folder), 0);
}

static void reads_back(void **state)
{
    char folder[] = "/tmp/metersim-XXXXXX", path[FIXTURE_PATH], cfg[FIXTURE_PATH + 8];
    struct comtrade_error error;

    (void)state;
    make_folder(folder, path);
    assert_int_equal(write_file(path, &error), 0);
    snprintf(cfg, sizeof cfg, "%s.cfg", path);
    struct comtrade *f = comtrade_read(cfg, &error);
    assert_non_null(f);
    assert_string_equal(f->warning, "");
    assert_int_equal(f->count, ROWS);
    assert_int_equal(f->revision, 2013);
    for (int row = 0; row < ROWS; row++) {
        for (int ch = 0; ch < FIXTURE_CHANNELS; ch++)
            assert_true(f->value[ch][row] == (double)code(ch, row) * analog[ch].a);
        assert_int_equal(f->status[0][row] | f->status[1][row] << 1, row / 100 % 4);
        assert_true(fabs(f->seconds[row] - row / 2520.0) < 1e-9);
    }
    comtrade_free(f);
    remove_folder(folder, path);
}

static void refuses_what_is_there(void **state)
{
    char folder[] = "/tmp/metersim-XXXXXX", path[FIXTURE_PATH];
    struct comtrade_error error;

    (void)state;
    make_folder(folder, path);
    assert_int_equal(write_file(path, &error), 0);
    assert_int_equal(write_file(path, &error), -1);
    assert_non_null(strstr(error.text, "File exists"));
    remove_folder(folder, path);
}

static void tells_of_a_full_disk(void **state)
{
    char folder[] = "/tmp/metersim-XXXXXX", path[FIXTURE_PATH];
    struct comtrade_error error;
    struct rlimit before, small;

    (void)state;
    make_folder(folder, path);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    int result = write_file(path, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(result, -1);
    assert_non_null(strstr(error.text, "waves.dat: File too large"));
    remove_folder(folder, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back),
        cmocka_unit_test(refuses_what_is_there),
        cmocka_unit_test(tells_of_a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
