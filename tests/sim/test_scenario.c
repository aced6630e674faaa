/* The scenario library passes; scripts that must fail do so with the messages beside
 * them (name.lua, name.txt). METERSIM_GOLDEN=1 writes the messages anew. */
#include "sim/plant/sim.h"
#include "sim/run/scenario.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const outcomes[] = { "running", "passed", "failed", "misused" };

/* The files NAME.lua of a folder, sorted. */
static GPtrArray *scripts_of(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;

    assert_non_null(folder);
    while ((name = g_dir_read_name(folder)))
        if (g_str_has_suffix(name, ".lua"))
            g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_dir_close(folder);
    return names;
}

static void must_pass(const char *name, const struct scenario_result *r)
{
    if (r->outcome != SCENARIO_PASSED)
        fail_msg("%s: %s", name, r->message);
    assert_true(r->checks > 0 || r->cases->len > 0);
    for (guint k = 0; k < r->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(r->cases, k);
        must_pass(c->name, &c->result);
    }
}

static void all_pass(const char *folder, guint min)
{
    GPtrArray *paths = scripts_of(folder);

    assert_true(paths->len >= min);
    for (guint k = 0; k < paths->len; k++) {
        struct scenario_result r;
        scenario_run(&(struct scenario_options){ .path = g_ptr_array_index(paths, k),
                                                 .seed = 7 },
                     &r);
        must_pass(g_ptr_array_index(paths, k), &r);
        assert_true(r.simulated_s > 0 || r.cases->len > 0);
        scenario_result_clear(&r);
    }
    g_ptr_array_unref(paths);
}

static void library_passes(void **state)
{
    (void)state;
    all_pass(SOURCE_DIR "/scenarios", 10);
}

static void language_does_what_it_says(void **state)
{
    (void)state;
    all_pass(TESTS_DIR "/sim/language", 5);
}

/* What the metering core may change in its last digits: in the meters' block numbers
 * with a point become '#' (their sign a space: that of a zero is chance), in lines
 * "read" and "differs" four digits are kept. */
static char *mask(const char *message)
{
    GString *text = g_string_new("");
    bool block = false, value = false;
    int digits = 0;

    for (const char *at = message; *at; at++) {
        if (at == message || at[-1] == '\n') {
            block |= strstr(at, ", result ") && strncmp(at, "  meter", 7) == 0;
            value = !strncmp(at, "  read", 6) || !strncmp(at, "  differs", 9);
        }
        bool number = g_ascii_isdigit(*at) || *at == '.';
        digits = number ? digits + (*at != '.') : 0;
        if (block && number && (at == message || !strchr("xX0123456789.", at[-1])) &&
            at[strspn(at, "0123456789")] == '.')
            g_string_append_c(text, '#');
        else if (block && *at == '-' && g_ascii_isdigit(at[1]))
            g_string_append_c(text, ' ');
        else if (block && number && text->len && text->str[text->len - 1] == '#')
            continue;
        else if (!value || !number || digits <= 4)
            g_string_append_c(text, *at);
    }
    return g_string_free(text, FALSE);
}

static char *golden_path(const char *script)
{
    GString *path = g_string_new(script);

    g_string_truncate(path, path->len - 4);
    g_string_append(path, ".txt");
    return g_string_free(path, FALSE);
}

/* Outcome and message, then those of the cases. */
static void append_result(GString *text, const struct scenario_result *r)
{
    char *masked = mask(r->message);

    g_string_append_printf(text, "%s\n%s\n", outcomes[r->outcome], masked);
    g_free(masked);
    for (guint k = 0; k < r->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(r->cases, k);
        g_string_append_printf(text, "case %s: ", c->name);
        append_result(text, &c->result);
    }
}

static bool all_passed(const struct scenario_result *r)
{
    bool passed = r->outcome == SCENARIO_PASSED;

    for (guint k = 0; k < r->cases->len; k++)
        passed &= all_passed(
            &((struct scenario_case *)g_ptr_array_index(r->cases, k))->result);
    return passed;
}

static void compare(const char *script, const struct scenario_result *r)
{
    char *path = golden_path(script), *wanted = NULL;
    GString *result = g_string_new("");

    append_result(result, r);
    char *text = g_string_free(result, FALSE);

    if (getenv("METERSIM_GOLDEN"))
        assert_true(g_file_set_contents(path, text, -1, NULL));
    if (!g_file_get_contents(path, &wanted, NULL, NULL))
        fail_msg("%s is missing; the script says:\n%s", path, text);
    if (g_strcmp0(text, wanted))
        fail_msg("%s:\n%sinstead of\n%s", script, text, wanted);
    g_free(wanted);
    g_free(text);
    g_free(path);
}

static void failures_say_why(void **state)
{
    GPtrArray *paths = scripts_of(TESTS_DIR "/sim/scenarios");

    (void)state;
    assert_true(paths->len >= 40);
    for (guint k = 0; k < paths->len; k++) {
        struct scenario_result r;
        scenario_run(&(struct scenario_options){ .path = g_ptr_array_index(paths, k),
                                                 .seed = 1,
                                                 .step_limit = 1000000,
                                                 .memory_limit = 8 << 20 },
                     &r);
        assert_false(all_passed(&r));
        compare(g_ptr_array_index(paths, k), &r);
        scenario_result_clear(&r);
    }
    g_ptr_array_unref(paths);
}

static void a_missing_file_is_misuse(void **state)
{
    struct scenario_result r;

    (void)state;
    scenario_run(&(struct scenario_options){ .path = "/nowhere/at/all.lua" }, &r);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    assert_non_null(strstr(r.message, "/nowhere/at/all.lua"));
    scenario_result_clear(&r);
}

/* The faults of a live script outlast it, each for its duration; freed, it takes back
 * what is left of them, and its events with them. */
static void live_scripts_leave_their_faults(void **state)
{
    char *path = g_build_filename(g_get_tmp_dir(), "metersim-live-XXXXXX", NULL);
    int fd = g_mkstemp(path);
    struct sim *sim = sim_new();

    (void)state;
    assert_true(fd >= 0);
    assert_true(g_file_set_contents(path,
                                    "local m = meter { name = 'x' }\n"
                                    "grid { volts_ll = 480 }\n"
                                    "fault(m, 'ct_open', 'B', { duration = '9 s' })\n"
                                    "fault(m, 'ct_open', 'C', { duration = '19 s' })\n"
                                    "fault(m, 'ct_reversed', 'A')\n"
                                    "always(function() return true end)\n"
                                    "wait '3 s'\n",
                                    -1, NULL));
    struct scenario *s = scenario_start(&(struct scenario_live){ .path = path }, sim);
    assert_non_null(s);
    struct unit *u = sim_unit(sim, 0);
    sim_run(sim, 2000000000);
    assert_true(u->faults->value[FAULT_CT_OPEN][1] == 1);
    sim_run(sim, 4000000000);
    assert_true(u->faults->value[FAULT_CT_OPEN][1] == 1);
    sim_run(sim, 10000000000);
    assert_true(u->faults->value[FAULT_CT_OPEN][1] == 0);
    assert_true(u->faults->value[FAULT_CT_OPEN][2] == 1);
    assert_true(u->faults->value[FAULT_CT_REVERSED][0] == 1);
    scenario_free(s);
    assert_true(u->faults->value[FAULT_CT_OPEN][2] == 0);
    assert_true(u->faults->value[FAULT_CT_REVERSED][0] == 0);
    sim_run(sim, 20000000000); /* nothing of the script is left in the queue */
    sim_free(sim);
    g_unlink(path);
    close(fd);
    g_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(library_passes),
        cmocka_unit_test(language_does_what_it_says),
        cmocka_unit_test(failures_say_why),
        cmocka_unit_test(a_missing_file_is_misuse),
        cmocka_unit_test(live_scripts_leave_their_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
