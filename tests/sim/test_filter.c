/* What of a table a user asks for. */
#include "sim/program/filter.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above. */
#include <cmocka.h>

static const char *const row[] = { "ct_reversed", "the current's sign", "Ω 3-phase",
                                   NULL };

static struct filter filter_of(const char *const *arguments)
{
    struct filter f = { 0 };

    for (; *arguments; arguments++)
        assert_true(filter_add(&f, *arguments, true, NULL));
    return f;
}

static bool matches(const char *const *arguments, int reg, int count)
{
    struct filter f = filter_of(arguments);
    bool found = filter_row(&f, reg, count, row);

    assert_int_equal(f.matches, found);
    filter_end(&f, NULL);
    return found;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void words_begin_words(void **state)
{
    (void)state;
    assert_true(matches((const char *const[]){ NULL }, 1, 1));
    assert_true(matches(WORDS("CT"), 1, 1));
    assert_true(matches(WORDS("rever"), 1, 1));
    assert_true(matches(WORDS("ct reversed"), 1, 1));
    assert_true(matches(WORDS("ct_rev"), 1, 1));
    assert_true(matches(WORDS("ω"), 1, 1));
    assert_true(matches(WORDS("phase"), 1, 1));
    assert_true(matches(WORDS("sign", "ct"), 1, 1));
    assert_false(matches(WORDS("sign", "open"), 1, 1));
    assert_false(matches(WORDS("versed"), 1, 1));
    assert_false(matches(WORDS("ign"), 1, 1));
}

static void numbers_choose_registers(void **state)
{
    (void)state;
    assert_true(matches(WORDS("21"), 21, 1));
    assert_false(matches(WORDS("21"), 22, 1));
    assert_true(matches(WORDS("22"), 21, 2)); /* its second word */
    assert_true(matches(WORDS("129-154"), 154, 1));
    assert_true(matches(WORDS("129-154"), 128, 2));
    assert_false(matches(WORDS("129-154"), 155, 1));
    assert_true(matches(WORDS("7", "129-154"), 7, 2));
    assert_true(matches(WORDS("7", "ct"), 7, 1));
    assert_false(matches(WORDS("7", "open"), 7, 1));
    assert_true(matches(WORDS("3-phase"), 7, 1)); /* a word */
}

static void what_is_no_range_is_refused(void **state)
{
    static const char *const bad[] = { "0", "5-3", "0-7", "65536", "7-70000" };
    struct filter f = { 0 };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(bad); k++)
        assert_false(filter_add(&f, bad[k], true, NULL));
    assert_true(filter_add(&f, "0", false, NULL)); /* no numbers here: a word */
    assert_int_equal(f.words, 1);
    while (f.words < FILTER_MAX)
        assert_true(filter_add(&f, "x", false, NULL));
    assert_false(filter_add(&f, "x", false, NULL));
    assert_false(filter_end(&f, NULL)); /* nothing matched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_begin_words),
        cmocka_unit_test(numbers_choose_registers),
        cmocka_unit_test(what_is_no_range_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
