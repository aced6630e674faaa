/* Numbers on five digits. */
#include "core/number.h"
#include "tests/support/check.h"
#include <inttypes.h>

#define G INT64_C(1000000000)

static const struct {
    int64_t value;
    enum quantity_unit unit;
    char prefix;
    const char *text;
} cases[] = {
    { 0, UNIT_A, ' ', "0.000" },
    { 79999499, UNIT_A, ' ', "79.999" },
    { 79999500, UNIT_A, ' ', "80.000" },
    { 99999499, UNIT_A, ' ', "99.999" },
    { 99999500, UNIT_A, ' ', "100.00" },
    { 32000 * (G / 1000), UNIT_A, ' ', "32000" },
    { 99999 * (G / 1000), UNIT_A, ' ', "99999" },
    { 99999 * (G / 1000) + 500000, UNIT_A, ' ', "OL" },
    { 277128129, UNIT_V, ' ', "277.13" },
    { 5 * (G / 1000), UNIT_V, ' ', "5.00" },
    { 1000000, UNIT_PF, ' ', "1.0000" },
    { 919950, UNIT_PF, ' ', "0.9200" },
    { -1000000, UNIT_PF, ' ', "-1.000" },
    { -500, UNIT_PF, ' ', "-0.001" },
    { -499, UNIT_PF, ' ', "0.000" },
    { 60004999, UNIT_HZ, ' ', "60.00" },
    { 60005000, UNIT_HZ, ' ', "60.01" },
    { 1, UNIT_W, ' ', "0.000" },
    { 12345678, UNIT_W, ' ', "12.346" },
    { 1234567890, UNIT_W, ' ', "1234.6" },
    { 99998 * (G / 1000) + 499999, UNIT_W, ' ', "99998" },
    { 99998 * (G / 1000) + 500000, UNIT_W, 'K', "99.999" },
    { 99999 * (G / 1000), UNIT_W, 'K', "99.999" },
    { 100 * G, UNIT_W, 'K', "100.00" },
    { 99998 * G, UNIT_W, 'K', "99998" },
    { 99999 * G, UNIT_W, 'M', "99.999" },
    { 99999 * 1000 * G, UNIT_W, 'M', "99999" },
    { 100000 * 1000 * G, UNIT_W, 'M', "OL" },
    { -12345 * (G / 1000), UNIT_W, 'K', "-12.35" },
    { -9998 * (G / 1000), UNIT_W, ' ', "-9998" },
    { -9999 * (G / 1000), UNIT_W, 'K', "-9.999" },
    { -10000 * 1000 * G, UNIT_W, 'M', "OL" },
    { 645035, UNIT_E, ' ', "645.04" },
    { 99999000, UNIT_E, 'K', "99.999" },
    { 4294967295 * 1000000, UNIT_E, 'G', "4295.0" },
    { 99999 * 1000 * G, UNIT_E, 'G', "99999" },
    { INT64_MAX, UNIT_E, 'G', "OL" },
    { INT64_MIN, UNIT_E, 'G', "OL" },
};

static void known_numbers(void **state)
{
    char text[NUMBER_TEXT];

    (void)state;
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        char prefix = number_format(text, cases[k].value, cases[k].unit);
        if (strcmp(text, cases[k].text) || prefix != cases[k].prefix)
            fail_msg("%" PRId64 " of unit %d: %s '%c', not %s '%c'", cases[k].value,
                     cases[k].unit, text, prefix, cases[k].text, cases[k].prefix);
    }
}

/* Whatever the number, it fits, and it is right to half of its last digit. */
static void random_numbers(void **state)
{
    static const char prefixes[] = " KMG";
    struct random dice = { 77 };
    char text[NUMBER_TEXT];

    (void)state;
    for (int n = 0; n < 200000; n++) {
        bool energy = random_range(&dice, 0, 1);
        int64_t x = (int64_t)(random_bits(&dice) >> random_range(&dice, 8, 63));
        x = random_range(&dice, 0, 1) ? -x : x;
        char prefix = number_format(text, x, energy ? UNIT_E : UNIT_W);
        if (!strcmp(text, "OL"))
            continue;
        int cells = 0, decimals = 0;
        for (const char *at = text; *at; at++)
            cells += *at != '.';
        const char *point = strchr(text, '.');
        decimals = point ? (int)strlen(point + 1) : 0;
        assert_in_range(cells, 1, NUMBER_CELLS);
        long double unit = energy ? 1000 : 1000000;
        for (const char *at = prefixes; *at != prefix; at++)
            unit *= 1000;
        long double shown = strtold(text, NULL) * unit;
        long double step = unit / powl(10, decimals);
        if (fabsl(shown - (long double)x) > step / 2 * 1.000001L)
            fail_msg("%" PRId64 " shows %s %c", x, text, prefix);
        if (llabs(x) >= (energy ? 10000000 : 10000000000)) /* below, three decimals */
            assert_true(cells - (x < 0) >= 4);
    }
}

static void fixed(void **state)
{
    char text[NUMBER_TEXT];

    (void)state;
    number_fixed(text, 100, 5, 2);
    assert_string_equal(text, "001.00");
    number_fixed(text, 10, 3, 2);
    assert_string_equal(text, "0.10");
    number_fixed(text, 0, 5, 0);
    assert_string_equal(text, "00000");
    number_fixed(text, 99999, 1, 0);
    assert_string_equal(text, "99999");
    assert_ptr_equal(number_fixed(text, 0, 1, 0), text + 1);
}

static void two_pages(void **state)
{
    static const struct {
        uint64_t value;
        const char *first, *second;
    } counts[] = {
        { 0, "0", "0" },
        { 99999, "99999", "99999" },
        { 100000, "1.", "00000" },
        { 12345678, "123.", "45678" },
        { 4294967295, "42949.", "67295" },
    };
    char text[NUMBER_TEXT];

    (void)state;
    for (size_t k = 0; k < COUNT_OF(counts); k++) {
        number_long(text, counts[k].value, false);
        assert_string_equal(text, counts[k].first);
        number_long(text, counts[k].value, true);
        assert_string_equal(text, counts[k].second);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers),
        cmocka_unit_test(random_numbers),
        cmocka_unit_test(fixed),
        cmocka_unit_test(two_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
