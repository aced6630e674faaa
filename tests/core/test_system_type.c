/* The system types against the manual's table of register 130. */
#include "core/system_type.h"
#include "tests/support/check.h"

static void rows(void **state)
{
    static const struct system_type_row expected[] = {
        { 10, 201, "1L-1n", ELEMENT_LN, 1, 1, 0, NOMINAL_WHOLE },
        { 11, 201, "2L", ELEMENT_AB, 1, 0, 1, NOMINAL_BY_ROOT3 },
        { 12, 202, "2L-1n", ELEMENT_LN, 3, 3, 1, NOMINAL_HALF },
        { 31, 204, "3L", ELEMENT_STAR, 7, 0, 7, NOMINAL_BY_ROOT3 },
        { 40, 203, "3L-1n", ELEMENT_LN, 7, 7, 7, NOMINAL_BY_ROOT3 },
    };

    (void)state;
    assert_int_equal(COUNT_OF(expected), SYSTEM_TYPES);
    for (int k = 0; k < SYSTEM_TYPES; k++) {
        const struct system_type_row *row = &system_type_table[k];
        assert_int_equal(row->number, expected[k].number);
        assert_int_equal(row->sunspec_model, expected[k].sunspec_model);
        assert_string_equal(row->panel_text, expected[k].panel_text);
        assert_int_equal(row->element, expected[k].element);
        assert_int_equal(row->phases, expected[k].phases);
        assert_int_equal(row->phase_voltages, expected[k].phase_voltages);
        assert_int_equal(row->line_voltages, expected[k].line_voltages);
        assert_int_equal(row->nominal_ln, expected[k].nominal_ln);
        assert_int_equal(system_type_find(row->number), k);
    }
}

static void numbers_of_no_type(void **state)
{
    (void)state;
    for (unsigned number = 0; number < 70000; number++)
        if (system_type_find(number) >= 0)
            assert_int_equal(system_type_table[system_type_find(number)].number,
                             number);
    assert_int_equal(system_type_find(0), -1);
    assert_int_equal(system_type_find(30), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(numbers_of_no_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
