/* Editing of one setting by itself: digits, choices, ends of lists, what is saved. */
#include "core/edit.h"
#include "core/screens.h"
#include "tests/support/bench.h"

static struct bench b;
static struct edit e;

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    return 0;
}

static const struct screen *screen_of(enum screen_kind kind, enum setting id)
{
    for (unsigned k = 0; k < screen_count; k++)
        if (screen_table[k].kind == kind && screen_table[k].arg == id)
            return &screen_table[k];
    fail_msg("no screen edits setting %d", id);
    return NULL;
}

static void expect_text(const struct screen *s, bool dark, const char *text)
{
    char got[NUMBER_TEXT];

    edit_text(&e, s, dark, got);
    assert_string_equal(got, text);
}

static void digits_go_around(void **state)
{
    const struct screen *s = screen_of(SCREEN_NUMBER, SETTING_ADDRESS);

    (void)state;
    edit_start(&e, &b.m, s);
    expect_text(s, false, "001");
    expect_text(s, true, " 01");
    edit_plus(&e, &b.m, s);
    expect_text(s, false, "101");
    edit_minus(&e, &b.m, s); /* the next digit to the left, around */
    for (int n = 0; n < 9; n++)
        edit_plus(&e, &b.m, s);
    expect_text(s, false, "100"); /* 9 is followed by 0, nothing is carried */
    assert_true(edit_right(&e, s));
}

static void a_number_begins_with_its_first_digit(void **state)
{
    const struct screen *s = screen_of(SCREEN_NUMBER, SETTING_CT_PRIMARY);

    (void)state;
    edit_start(&e, &b.m, s);
    expect_text(s, false, "  100");
    assert_false(edit_right(&e, s));
    assert_false(edit_right(&e, s));
    assert_true(edit_right(&e, s));
}

/* Up and down as drawn: 38400 is the highest, nOnE stands above EvEn. */
static void lists_are_rings(void **state)
{
    static const char *const bauds[] = { "38400", "1200", "2400",
                                         "4800",  "9600", "19200" };
    static const char *const types[] = { "1L-1n", "2L", "2L-1n", "3L", "3L-1n" };
    const struct screen *s = screen_of(SCREEN_LIST, SETTING_BAUD);

    (void)state;
    edit_start(&e, &b.m, s);
    expect_text(s, false, "19200");
    for (unsigned k = 0; k < COUNT_OF(bauds); k++) {
        edit_plus(&e, &b.m, s);
        expect_text(s, false, bauds[k]);
    }
    edit_minus(&e, &b.m, s);
    expect_text(s, false, "9600");
    s = screen_of(SCREEN_LIST, SETTING_SYSTEM_TYPE);
    edit_start(&e, &b.m, s);
    expect_text(s, false, "3L-1n");
    for (unsigned k = 0; k < COUNT_OF(types); k++) {
        edit_plus(&e, &b.m, s);
        expect_text(s, false, types[k]);
    }
    s = screen_of(SCREEN_LIST, SETTING_PARITY);
    edit_start(&e, &b.m, s);
    expect_text(s, false, "nOnE");
    edit_minus(&e, &b.m, s);
    expect_text(s, false, "EvEn");
}

static void pulse_energies_end(void **state)
{
    const struct screen *s = screen_of(SCREEN_LIST, SETTING_PULSE_ENERGY);

    (void)state;
    edit_start(&e, &b.m, s);
    expect_text(s, false, "1000");
    edit_plus(&e, &b.m, s);
    edit_plus(&e, &b.m, s);
    expect_text(s, false, "10000");
    for (int n = 0; n < 4; n++)
        edit_minus(&e, &b.m, s);
    expect_text(s, false, "10"); /* 100 A at 600 V: 10 Wh keep up at 10 ms */
}

static void what_is_saved(void **state)
{
    const struct screen *s = screen_of(SCREEN_NUMBER, SETTING_ADDRESS);

    (void)state;
    edit_start(&e, &b.m, s);
    assert_int_equal(edit_save(&e, &b.m, s), EDIT_SAME);
    e.value = 247;
    assert_int_equal(edit_save(&e, &b.m, s), EDIT_SAVED);
    assert_int_equal(b.m.settings.value[SETTING_ADDRESS], 247);
    e.value = 248;
    assert_int_equal(edit_save(&e, &b.m, s), EDIT_REFUSED);
    s = screen_of(SCREEN_NUMBER, SETTING_CT_PRIMARY);
    e.value = 65536 + 100; /* five digits hold more than a register */
    assert_int_equal(edit_save(&e, &b.m, s), EDIT_REFUSED);
    assert_int_equal(b.m.settings.value[SETTING_CT_PRIMARY], 100);
    b.board.refuses = true;
    e.value = 200;
    assert_int_equal(edit_save(&e, &b.m, s), EDIT_REFUSED);
}

static void a_password_is_two_settings(void **state)
{
    const struct screen *set = screen_of(SCREEN_NUMBER, SETTING_SETUP_PASSWORD_HIGH);
    const struct screen *ask = screen_of(SCREEN_PASSWORD, SETTING_SETUP_PASSWORD_HIGH);

    (void)state;
    e.value = 99999;
    assert_int_equal(edit_save(&e, &b.m, set), EDIT_SAVED);
    edit_start(&e, &b.m, set);
    expect_text(set, false, "99999");
    edit_start(&e, &b.m, ask); /* what is to be entered starts from zeros */
    expect_text(ask, false, "00000");
    assert_false(edit_matches(&e, &b.m, ask));
    e.value = 99999;
    assert_true(edit_matches(&e, &b.m, ask));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(digits_go_around, fresh),
        cmocka_unit_test_setup(a_number_begins_with_its_first_digit, fresh),
        cmocka_unit_test_setup(lists_are_rings, fresh),
        cmocka_unit_test_setup(pulse_energies_end, fresh),
        cmocka_unit_test_setup(what_is_saved, fresh),
        cmocka_unit_test_setup(a_password_is_two_settings, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
