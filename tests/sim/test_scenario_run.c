/* The command line of metersim run and replay: exit codes, TAP, JUnit, the same results
 * for any number of jobs. */
#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define LIBRARY SOURCE_DIR "/scenarios"
#define SHORT                                                                          \
    LIBRARY "/first_reading.lua", LIBRARY "/open_ct.lua", LIBRARY "/load_step.lua"
#define FAILING TESTS_DIR "/sim/scenarios"

/* Exit code; what it printed on stdout is to be freed. */
static int run(char **out, ...)
{
    GPtrArray *argv = g_ptr_array_new();
    va_list list;
    int status;
    char *unused = NULL, *errors = NULL;

    g_ptr_array_add(argv, METERSIM);
    va_start(list, out);
    for (char *word; (word = va_arg(list, char *)) != NULL;)
        g_ptr_array_add(argv, word);
    va_end(list);
    g_ptr_array_add(argv, NULL);
    assert_true(g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL,
                             NULL, out ? out : &unused, &errors, &status, NULL));
    g_ptr_array_unref(argv);
    g_free(unused);
    g_free(errors);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Wall times differ: "12 ms)" and the summary go. */
static char *without_times(const char *text)
{
    GRegex *regex = g_regex_new(", \\d+ ms\\)|simulated in .*", 0, 0, NULL);
    char *plain = g_regex_replace_literal(regex, text, -1, 0, "", 0, NULL);

    g_regex_unref(regex);
    return plain;
}

static void exit_codes(void **state)
{
    (void)state;
    assert_int_equal(run(NULL, "run", LIBRARY "/first_reading.lua", NULL), 0);
    assert_int_equal(run(NULL, "run", FAILING "/near.lua", NULL), 1);
    assert_int_equal(run(NULL, "run", FAILING "/syntax.lua", NULL), 2);
    assert_int_equal(run(NULL, "run", FAILING, NULL), 2);
    assert_int_equal(run(NULL, "run", NULL), 2);
    assert_int_equal(run(NULL, "run", "/nowhere", NULL), 2);
    assert_int_equal(run(NULL, "run", LIBRARY, "--filter", "nothing at all", NULL), 2);
    assert_int_equal(run(NULL, "run", LIBRARY, "--tape", "-", NULL), 2);
    assert_int_equal(run(NULL, "run", LIBRARY, "--jobs", "0", NULL), 2);
    assert_int_equal(run(NULL, "run", LIBRARY, "--speed", "-1", NULL), 2);
    assert_int_equal(run(NULL, "run", LIBRARY, "--time-limit", "5 V", NULL), 2);
    assert_int_equal(run(NULL, "run", LIBRARY, "--wrong", NULL), 2);
}

static void jobs_change_nothing(void **state)
{
    char *one, *two, *a, *b;

    (void)state;
    assert_int_equal(
        run(&one, "run", SHORT, FAILING, "--jobs", "1", "--steps", "1000000", NULL), 2);
    assert_int_equal(
        run(&two, "run", SHORT, FAILING, "--jobs", "2", "--steps", "1000000", NULL), 2);
    a = without_times(one);
    b = without_times(two);
    assert_string_equal(a, b);
    assert_true(g_str_has_prefix(one, "1..68\n"));
    assert_non_null(strstr(one, "\nnot ok "));
    assert_non_null(strstr(one, FAILING "/near.lua:5: expectation failed at 3.000 s"));
    g_free(one);
    g_free(two);
    g_free(a);
    g_free(b);
}

static char *tape_hash(char *jobs)
{
    char *out;

    assert_int_equal(run(&out, "run", LIBRARY "/reversed_ct.lua", "--tape", "-",
                         "--jobs", jobs, NULL),
                     0);
    const char *hash = strstr(out, "tape - sha256 ");
    assert_non_null(hash);
    char *copy = g_strndup(hash + 14, 64);
    g_free(out);
    return copy;
}

static void tapes_hash_the_same(void **state)
{
    static char one[] = "1", two[] = "2";
    char *first = tape_hash(one);
    char *jobs[] = { one, one, two, two, two };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(jobs); k++) {
        char *hash = tape_hash(jobs[k]);
        assert_string_equal(hash, first);
        g_free(hash);
    }
    g_free(first);
}

static void replay_says_same_different_or_none(void **state)
{
    char *tape = g_build_filename(g_get_tmp_dir(), "metersim-test.tape", NULL), *out;
    char *bytes;
    gsize size;

    (void)state;
    assert_int_equal(
        run(NULL, "run", LIBRARY "/first_reading.lua", "--tape", tape, NULL), 0);
    assert_int_equal(run(&out, "replay", tape, NULL), 0);
    assert_non_null(strstr(out, "3.000 s simulated"));
    g_free(out);
    assert_true(g_file_get_contents(tape, &bytes, &size, NULL));
    bytes[size - 1] ^= 4; /* the last record is an answer */
    assert_true(g_file_set_contents(tape, bytes, (gssize)size, NULL));
    assert_int_equal(run(&out, "replay", tape, NULL), 1);
    assert_non_null(strstr(out, "first difference at 3.000000 s"));
    assert_non_null(strstr(out, "Modbus answer"));
    g_free(out);
    assert_true(g_file_set_contents(tape, bytes, (gssize)size - 3, NULL));
    assert_int_equal(run(NULL, "replay", tape, NULL), 2);
    assert_int_equal(run(NULL, "replay", LIBRARY "/first_reading.lua", NULL), 2);
    assert_int_equal(run(NULL, "replay", NULL), 2);
    g_free(bytes);
    g_unlink(tape);
    g_free(tape);
}

static void count_elements(GMarkupParseContext *context, const char *element,
                           const char **names, const char **values, void *user,
                           GError **error)
{
    (void)context;
    (void)names;
    (void)values;
    (void)error;
    int *counts = user;
    counts[0] += !strcmp(element, "testcase");
    counts[1] += !strcmp(element, "failure");
    counts[2] += !strcmp(element, "error");
}

static void junit_is_xml(void **state)
{
    char *path = g_build_filename(g_get_tmp_dir(), "metersim-test.xml", NULL), *xml;
    const GMarkupParser parser = { .start_element = count_elements };
    int counts[3] = { 0 };
    gsize size;

    (void)state;
    assert_int_equal(run(NULL, "run", FAILING "/near.lua", FAILING "/within.lua",
                         FAILING "/syntax.lua", LIBRARY "/open_ct.lua", "--junit", path,
                         NULL),
                     2);
    assert_true(g_file_get_contents(path, &xml, &size, NULL));
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, counts, NULL);
    assert_true(g_markup_parse_context_parse(context, xml, (gssize)size, NULL));
    assert_true(g_markup_parse_context_end_parse(context, NULL));
    assert_int_equal(counts[0], 4);
    assert_int_equal(counts[1], 2);
    assert_int_equal(counts[2], 1);
    g_markup_parse_context_free(context);
    g_free(xml);
    g_unlink(path);
    g_free(path);
}

static void repetitions_have_their_own_seeds(void **state)
{
    char *out;

    (void)state;
    assert_int_equal(
        run(&out, "run", FAILING "/near.lua", "--repeat", "3", "--seed", "40", NULL),
        1);
    assert_non_null(strstr(out, "1..3"));
    assert_non_null(strstr(out, "seed 40"));
    assert_non_null(strstr(out, "(repetition 3)"));
    assert_non_null(strstr(out, "seed 42"));
    g_free(out);
}

static void tables_are_printed(void **state)
{
    char *out;

    (void)state;
    assert_int_equal(run(&out, "verbs", NULL), 0);
    assert_non_null(strstr(out, "| verb | wait |"));
    assert_non_null(strstr(out, "m.kw_total"));
    g_free(out);
    assert_int_equal(run(&out, "faults", "--csv", NULL), 0);
    assert_non_null(strstr(out, "\"ct_reversed\","));
    g_free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_codes),
        cmocka_unit_test(jobs_change_nothing),
        cmocka_unit_test(tapes_hash_the_same),
        cmocka_unit_test(replay_says_same_different_or_none),
        cmocka_unit_test(junit_is_xml),
        cmocka_unit_test(repetitions_have_their_own_seeds),
        cmocka_unit_test(tables_are_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
