/* The error of sim/: the first one stays, codes become exit codes. */
#include "sim/program/error.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void first_error_stays(void **state)
{
    GError *error = NULL, *other = NULL;
    (void)state;

    assert_false(error_set(&error, "%s: %d", "first", 1));
    assert_false(error_set_code(&error, ERROR_FAILED, "second"));
    error_set(&other, "third");
    assert_false(error_move(&error, other));
    assert_string_equal(error->message, "first: 1");
    assert_int_equal(error_exit_code(error), ERROR_MISUSE);
    g_error_free(error);
}

static void codes_are_exit_codes(void **state)
{
    GError *error = NULL, *moved = NULL;
    (void)state;

    assert_int_equal(error_exit_code(NULL), 0);
    error_set_code(&error, ERROR_FAILED, "differs");
    assert_int_equal(error_exit_code(error), 1);
    assert_false(error_move(&moved, error));
    assert_ptr_equal(moved, error);
    g_clear_error(&moved);
    assert_true(error_move(&moved, NULL));
    assert_null(moved);
    error = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "of GLib");
    assert_int_equal(error_exit_code(error), 2);
    g_error_free(error);
}

static void usage_names_the_help(void **state)
{
    GError *error = NULL;
    (void)state;

    g_set_prgname("metersim capture");
    assert_false(error_set_usage(&error, "name %s", "a meter"));
    assert_string_equal(error->message, "name a meter; see metersim capture --help");
    g_error_free(error);
    assert_false(error_set(NULL, "nobody asks"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_stays),
        cmocka_unit_test(codes_are_exit_codes),
        cmocka_unit_test(usage_names_the_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
