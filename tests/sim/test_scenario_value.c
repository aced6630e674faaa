/* The parser of quantities, and the nearest names. */
#include "sim/lua/near_name.h"
#include "sim/lua/value.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text;
    enum dimension dimension;
    double value;
} good[] = {
    { "480 V", DIMENSION_VOLTAGE, 480 },     { "1/3 V", DIMENSION_VOLTAGE, 1.0 / 3 },
    { "1.5 kV", DIMENSION_VOLTAGE, 1500 },   { "-80A", DIMENSION_CURRENT, -80 },
    { "15 min", DIMENSION_TIME, 900 },       { " 100 ms ", DIMENSION_TIME, 0.1 },
    { "5 mHz", DIMENSION_FREQUENCY, 0.005 }, { "0.1 %", DIMENSION_RATIO, 0.1 / 100 },
    { "50 W", DIMENSION_POWER, 0.05 },       { "1e3 kvar", DIMENSION_REACTIVE, 1000 },
    { "25 °C", DIMENSION_TEMPERATURE, 25 },  { "12 µs", DIMENSION_TIME, 12e-6 },
    { ".5 h", DIMENSION_TIME, 1800 },        { "42", DIMENSION_NUMBER, 42 },
};

static const char *const bad[] = { "",        "V",     "3 furlongs", "0x10 V", "inf V",
                                   "nan",     "1/0 V", "1//3 V",     "3 V V",  "--3 V",
                                   "1e999 V", "3 v",   "1 / 3 V" };

static void quantities_are_read(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        struct value v;
        char error[VALUE_ERROR] = "";
        if (!value_parse(good[k].text, &v, error))
            fail_msg("%s: %s", good[k].text, error);
        assert_int_equal(v.dimension, good[k].dimension);
        assert_true(v.value == good[k].value);
    }
}

static void others_are_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct value v;
        char error[VALUE_ERROR] = "";
        if (value_parse(bad[k], &v, error))
            fail_msg("\"%s\" is read as %g", bad[k], v.value);
        assert_true(error[0]);
    }
}

static void a_wrong_dimension_is_told(void **state)
{
    char error[VALUE_ERROR];
    double value;

    (void)state;
    assert_false(value_parse_as("3 V", DIMENSION_TIME, &value, error));
    assert_string_equal(
        error, "expected a duration such as \"3 s\", found \"3 V\", a voltage");
    assert_false(value_parse_as("3", DIMENSION_TIME, &value, error));
    assert_non_null(strstr(error, "has no unit"));
    assert_true(value_parse_as("3 s", DIMENSION_TIME, &value, error));
    assert_int_equal(value_ns(value), 3000000000);
}

static void nearest_names(void **state)
{
    static const char *const known[] = { "ct_reversed", "ct_open", "phase_loss" };
    static const char *const pairs[][2] = {
        { "ct_revers", "; did you mean 'ct_reversed'?" },
        { "phase_lsos", "; did you mean 'phase_loss'?" },
        { "CT_OPEN", "; did you mean 'ct_open'?" },
        { "moon", "" },
    };

    (void)state;
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        struct near_name n;
        char text[80];
        near_name_start(&n, pairs[k][0]);
        for (int j = 0; j < 3; j++)
            near_name_offer(&n, known[j]);
        assert_string_equal(near_name_hint(&n, text, sizeof text), pairs[k][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_are_read),
        cmocka_unit_test(others_are_refused),
        cmocka_unit_test(a_wrong_dimension_is_told),
        cmocka_unit_test(nearest_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
