/* The accuracy bench as a user runs it: every case of the file within its goals at
 * eight start phases (one in the slow build with sanitizers), but the one whose 21st
 * harmonic lies on Nyquist; and files that are not of its form are refused with line
 * and column. */
#include "sim/program/csv.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int run(const char *file, const char *csv, char **out, char **err)
{
    const char *argv[] = { METERSIM, "accuracy",           "-q", "--starts", STARTS,
                           file,     csv ? "--csv" : NULL, csv,  NULL };
    int status;

    assert_true(g_spawn_sync(NULL, (char **)(void *)argv, NULL, G_SPAWN_DEFAULT, NULL,
                             NULL, out, err, &status, NULL));
    return g_spawn_check_wait_status(status, NULL) ? 0 : status >> 8;
}

/* Fails of the output CSV by case; G07 is the harmonic on Nyquist. */
static void test_all_cases(void **state)
{
    char *out, *err,
        *name = g_build_filename(g_get_tmp_dir(), "metersim-accuracy.csv", NULL);
    int failures = 0, nyquist = 0;

    (void)state;
    assert_int_equal(run(TESTS_DIR "/data/accuracy/cases.csv", name, &out, &err), 1);
    struct csv *csv = csv_read(name, NULL);
    assert_non_null(csv);
    assert_string_equal(csv->cell[0].text, "case");
    assert_true(csv->rows > 2500 * atoi(STARTS));
    for (int row = 0; row < csv->rows; row++) {
        bool bad = strcmp(csv_cell(csv, row, csv_column(csv, "pass")).text, "yes") != 0;
        bool g07 = !strcmp(csv_cell(csv, row, 0).text, "G07");
        failures += bad && !g07;
        nyquist += bad && g07;
        if (bad && !g07)
            print_error("%s %s\n", csv_cell(csv, row, 0).text,
                        csv_cell(csv, row, 2).text);
    }
    assert_int_equal(failures, 0);
    assert_true(nyquist > 0); /* else the limitation is gone: say so in the docs */
    csv_free(csv);
    g_remove(name);
    g_free(name);
    g_free(out);
    g_free(err);
}

/* One row, written and run; the message must hold `place` and `text`. */
static void refused(const char *content, const char *place, const char *text)
{
    char *out, *err,
        *name = g_build_filename(g_get_tmp_dir(), "metersim-bad.csv", NULL);

    assert_true(g_file_set_contents(name, content, -1, NULL));
    assert_int_equal(run(name, NULL, &out, &err), 2);
    char *expected = g_strdup_printf("metersim-bad.csv:%s: ", place);
    if (!strstr(err, expected) || !strstr(err, text))
        fail_msg("expected '%s%s' in: %s", expected, text, err);
    g_free(expected);
    g_remove(name);
    g_free(name);
    g_free(out);
    g_free(err);
}

#define HEADER "id,system_type,f_hz,dur_s,va,vb,vc,ia,ib,ic,fault,events\n"

static void test_malformed_files(void **state)
{
    (void)state;
    refused("id,f_hz\nX,60\n", "1:1", "expected a column named 'system_type'");
    refused(HEADER "X,40,60\n", "2:1", "expected 12 columns as in the header, found 3");
    refused(HEADER "X,41,60,2,,,,,,,,\n", "2:3", "expected system_type");
    refused(HEADER "X,39,60,2,,,,,,,,\n", "2:3",
            "expected system type 10, 11, 12, 31 or 40");
    refused(HEADER "X,40,sixty,2,,,,,,,,\n", "2:6", "expected f_hz as a number");
    refused(HEADER "X,40,60,2,1:277@0;5:x@0,,,,,,,\n", "2:19",
            "expected order:rms@degrees");
    refused(HEADER "X,40,60,2,1:277@0,,,,,,ct_gone=a,\n", "2:24", "found 'ct_gone=a'");
    refused(HEADER "X,40,60,2,1:277@0,,,,,,,sag:t0=1\n", "2:25", "found 'sag:t0=1'");
    refused(HEADER "X,40,60,2,\"1:277@0,,,,,,,\n", "2:11", "expected a closing quote");
    refused("", "1:1", "expected a header line");
}

static void test_quotes_and_line_ends(void **state)
{
    struct csv *csv = csv_parse("t", "a,b\r\n\"x,\"\"y\"\"\",2\r\n3,\"\"\n", NULL);

    (void)state;
    assert_non_null(csv);
    assert_int_equal(csv->rows, 2);
    assert_string_equal(csv_cell(csv, 0, 0).text, "x,\"y\"");
    assert_string_equal(csv_cell(csv, 0, 1).text, "2");
    assert_string_equal(csv_cell(csv, 1, 0).text, "3");
    assert_string_equal(csv_cell(csv, 1, 1).text, "");
    assert_int_equal(csv_cell(csv, 1, 1).line, 3);
    assert_int_equal(csv_column(csv, "b"), 1);
    assert_int_equal(csv_column(csv, "c"), -1);
    csv_free(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_cases),
        cmocka_unit_test(test_malformed_files),
        cmocka_unit_test(test_quotes_and_line_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
