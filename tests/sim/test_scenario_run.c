/* The command line of metersim run and replay: exit codes, TAP, JUnit, the same results
 * for any number of jobs. */
#include "hal_sim/tape.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LIBRARY SOURCE_DIR "/scenarios"
#define SHORT                                                                          \
    LIBRARY "/first_reading.lua", LIBRARY "/open_ct.lua", LIBRARY "/load_step.lua"
#define FAILING TESTS_DIR "/sim/scenarios"
#define HANG    "1800 s" /* wall time that no host needs */

/* Sanitizers make a process slow to start. */
#if defined __SANITIZE_ADDRESS__
#define ALONE "5"
#define RUNS  "50"
#else
#define ALONE "50"
#define RUNS  "1000"
#endif

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

/* N of the line "1..N". */
static int plan_of(const char *tap)
{
    const char *plan = strstr(tap, "\n1..");

    assert_non_null(plan);
    return (int)g_ascii_strtoll(plan + 4, NULL, 10);
}

static int count_points(const char *tap)
{
    int count = 0;

    for (const char *at = tap; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        count += !strncmp(at, "ok ", 3) || !strncmp(at, "not ok ", 7);
    }
    return count;
}

static void jobs_change_nothing(void **state)
{
    char *one, *two, *a, *b;

    (void)state;
    assert_int_equal(run(&one, "run", SHORT, FAILING, "--jobs", "1", "--steps",
                         "1000000", "--time-limit", HANG, NULL),
                     2);
    assert_int_equal(run(&two, "run", SHORT, FAILING, "--jobs", "2", "--steps",
                         "1000000", "--time-limit", HANG, NULL),
                     2);
    a = without_times(one);
    b = without_times(two);
    assert_string_equal(a, b);
    assert_int_equal(plan_of(one), count_points(one));
    assert_true(plan_of(one) > 68);
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

/* At any byte, between records and in them: what is there is the same, and exit code 1.
 */
static void replay_tells_a_cut_tape(const char *tape, const char *bytes, gsize size)
{
    const gsize lengths[] = { size - 1, size - TAPE_END_SIZE, size - TAPE_END_SIZE - 1,
                              size / 2, size / 3 };
    char *out;

    for (size_t k = 0; k < G_N_ELEMENTS(lengths); k++) {
        assert_true(g_file_set_contents(tape, bytes, (gssize)lengths[k], NULL));
        assert_int_equal(run(&out, "replay", tape, NULL), 1);
        assert_non_null(strstr(out, "the same as far as it goes: "));
        g_free(out);
    }
    char *longer = g_strndup("", size + 1);
    memcpy(longer, bytes, size);
    assert_true(g_file_set_contents(tape, longer, (gssize)size + 1, NULL));
    assert_int_equal(run(NULL, "replay", tape, NULL), 2);
    g_free(longer);
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
    bytes[size - TAPE_END_SIZE - 1] ^= 4; /* the last record is an answer */
    assert_true(g_file_set_contents(tape, bytes, (gssize)size, NULL));
    assert_int_equal(run(&out, "replay", tape, NULL), 1);
    assert_non_null(strstr(out, "first difference at 3.000000 s"));
    assert_non_null(strstr(out, "answer to 'read "));
    g_free(out);
    bytes[size - TAPE_END_SIZE - 1] ^= 4;
    bytes[size - 1] ^= 4;
    assert_true(g_file_set_contents(tape, bytes, (gssize)size, NULL));
    assert_int_equal(run(NULL, "replay", tape, NULL), 2);
    bytes[size - 1] ^= 4;
    replay_tells_a_cut_tape(tape, bytes, size);
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

/* One tape hash, however many jobs there are and whatever else the machine does. */
static char *hash_of_runs(char *runs, char *jobs)
{
    char *out, *distinct = g_strdup_printf("# %s tapes, 1 of them distinct\n", runs);

    assert_int_equal(run(&out, "run", TESTS_DIR "/sim/short.lua", "--repeat", runs,
                         "--same-seed", "--tape", "-", "--quiet", "--jobs", jobs, NULL),
                     0);
    const char *hash = strstr(out, "tape - sha256 ");
    assert_non_null(hash);
    assert_non_null(strstr(out, distinct));
    g_free(distinct);
    assert_non_null(strstr(out, " passed, 0 failed, 0 wrong"));
    char *copy = g_strndup(hash + 14, 64);
    g_free(out);
    return copy;
}

static void a_thousand_runs_are_one(void **state)
{
    static char alone[] = ALONE, runs[] = RUNS, one[] = "1", four[] = "4";
    char *idle = hash_of_runs(alone, one);
    pid_t busy[4];

    (void)state;
    for (int k = 0; k < 4; k++)
        if ((busy[k] = fork()) == 0)
            for (;;)
                __asm__ volatile("");
    char *loaded = hash_of_runs(runs, four);
    for (int k = 0; k < 4; k++) {
        kill(busy[k], SIGKILL);
        waitpid(busy[k], NULL, 0);
    }
    assert_string_equal(idle, loaded);
    g_free(idle);
    g_free(loaded);
}

/* Noise comes from the seed: another seed is another tape, and is told. */
static void other_seeds_are_other_tapes(void **state)
{
    char *out;

    (void)state;
    assert_int_equal(run(&out, "run", TESTS_DIR "/sim/short.lua", "--repeat", "3",
                         "--tape", "-", NULL),
                     0);
    assert_non_null(strstr(out, "# 3 tapes, 3 of them distinct\n"));
    g_free(out);
}

/* Cases are points of their own in TAP and in JUnit; what tests nothing is counted. */
static void cases_are_tests(void **state)
{
    char *path = g_build_filename(g_get_tmp_dir(), "metersim-cases.xml", NULL), *xml;
    char *out;

    (void)state;
    assert_int_equal(run(&out, "run", FAILING "/case.lua", "--junit", path, NULL), 2);
    assert_non_null(strstr(out, "ok 1 - " FAILING "/case: 80 A ("));
    assert_non_null(strstr(out, "not ok 2 - " FAILING "/case: 50 A ("));
    assert_non_null(strstr(out, "not ok 3 - " FAILING "/case: wrong ("));
    assert_non_null(strstr(out, "\n1..3\n# 1 passed, 1 failed, 1 wrong"));
    assert_true(g_file_get_contents(path, &xml, NULL, NULL));
    assert_non_null(strstr(xml, "tests=\"3\" failures=\"1\" errors=\"1\""));
    assert_non_null(strstr(xml, "/case: 50 A\" file="));
    g_free(out);
    g_free(xml);
    g_unlink(path);
    g_free(path);
}

/* A scenario that expects nothing passes, and TAP and JUnit both say what that is
 * worth; what it printed stands before. */
static void nothing_expected_is_told(void **state)
{
    char *folder = g_dir_make_tmp("metersim-empty-XXXXXX", NULL), *xml, *out;
    char *script = g_build_filename(folder, "empty.lua", NULL);
    char *path = g_build_filename(folder, "empty.xml", NULL);

    (void)state;
    assert_true(g_file_set_contents(script, "meter {}\nprint \"hello\"\n", -1, NULL));
    assert_int_equal(run(&out, "run", script, "--junit", path, NULL), 0);
    assert_non_null(strstr(out, "\n#   nothing was expected, so nothing was tested\n"));
    assert_non_null(strstr(out, "# 1 expected nothing, so they tested nothing\n"));
    assert_true(g_file_get_contents(path, &xml, NULL, NULL));
    assert_non_null(strstr(xml, "tests=\"1\" failures=\"0\" errors=\"0\""));
    assert_non_null(strstr(xml, "assertions=\"0\""));
    assert_non_null(strstr(xml,
                           "<system-out>hello\nnothing was expected, so nothing was "
                           "tested\n</system-out>"));
    assert_null(strstr(xml, "<skipped"));
    g_free(xml);
    g_free(out);
    assert_int_equal(run(NULL, "run", LIBRARY "/open_ct.lua", "--junit", path, NULL),
                     0);
    assert_true(g_file_get_contents(path, &xml, NULL, NULL));
    assert_null(strstr(xml, "nothing was expected"));
    g_free(xml);
    g_unlink(script);
    g_unlink(path);
    g_rmdir(folder);
    g_free(script);
    g_free(path);
    g_free(folder);
}

/* A case's tape begins with the scenario's and replays by itself. */
static void cases_have_tapes(void **state)
{
    char *tape = g_build_filename(g_get_tmp_dir(), "metersim-case.tape", NULL);
    char *branch = g_strconcat(tape, ".case1", NULL), *out;

    (void)state;
    assert_int_equal(run(NULL, "run", TESTS_DIR "/sim/short.lua", "--tape", tape, NULL),
                     0);
    assert_int_equal(run(&out, "replay", tape, NULL), 0);
    assert_non_null(strstr(out, "2.000 s simulated"));
    g_free(out);
    assert_int_equal(run(&out, "replay", branch, NULL), 0);
    assert_non_null(strstr(out, "3.000 s simulated"));
    g_free(out);
    g_unlink(tape);
    g_unlink(branch);
    g_free(tape);
    g_free(branch);
}

static void simulated_time_has_a_limit(void **state)
{
    char *out;

    (void)state;
    assert_int_equal(run(&out, "run", LIBRARY "/first_reading.lua", "--simulated-limit",
                         "2 s", NULL),
                     2);
    assert_non_null(strstr(out, "stopped by the limit of 2 s of simulated time"));
    g_free(out);
    assert_int_equal(run(NULL, "run", LIBRARY "/first_reading.lua", "--simulated-limit",
                         "2 V", NULL),
                     2);
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
        cmocka_unit_test(a_thousand_runs_are_one),
        cmocka_unit_test(other_seeds_are_other_tapes),
        cmocka_unit_test(cases_are_tests),
        cmocka_unit_test(nothing_expected_is_told),
        cmocka_unit_test(cases_have_tapes),
        cmocka_unit_test(simulated_time_has_a_limit),
        cmocka_unit_test(tables_are_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
