/* Assertions reach the board, and only when what cannot be is so. */
#include "core/assert.h"
#include "core/config.h"
#include "core/model.h"
#include "tests/support/check.h"

static jmp_buf back;
static unsigned failures;
static char where[256];

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    snprintf(where, sizeof where, "%s", file);
    assert_true(line > 0);
    failures++;
    longjmp(back, 1);
}

static void what_holds_costs_nothing(void **state)
{
    (void)state;
    failures = 0;
    CORE_ASSERT(1 + 1 == 2);
    assert_int_equal(failures, 0);
}

static void a_system_type_that_does_not_exist(void **state)
{
    struct settings s;
    struct config c;

    (void)state;
    failures = 0;
    config_defaults(&s, &model_s4100);
    config_derive(&c, &s);
    assert_int_equal(failures, 0);
    s.value[SETTING_SYSTEM_TYPE] = 13;
    if (setjmp(back) == 0)
        config_derive(&c, &s);
    assert_int_equal(failures, 1);
    assert_non_null(strstr(where, "core/config.c"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds_costs_nothing),
        cmocka_unit_test(a_system_type_that_does_not_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
