/* The texts of a screen from a meter's state, without keys or glass. */
#include "core/alert.h"
#include "core/menu_text.h"
#include "core/screens.h"
#include "tests/support/bench.h"

static struct bench b;
static struct lcd_text text;

static int fresh(void **state)
{
    (void)state;
    bench_start(&b, 40);
    b.m.menu.notice = NOTICE_NONE;
    b.m.menu.heart = false;
    return 0;
}

static void show(enum screen_kind kind, unsigned arg)
{
    unsigned k = 0;

    while (screen_table[k].kind != kind || screen_table[k].arg != arg)
        assert_true(++k < screen_count);
    b.m.menu.screen = (uint8_t)k;
    menu_text(&b.m, &text);
}

static void expect(const char *top, const char *bottom)
{
    assert_string_equal(text.top, top);
    assert_string_equal(text.bottom, bottom);
}

static void readings_and_their_prefixes(void **state)
{
    (void)state;
    b.m.reading[Q_KW_A] = 2040000000000;
    show(SCREEN_QUANTITY, Q_KW_A);
    expect("A KW", "2040.0");
    b.m.reading[Q_KW_A] = 20400000;
    show(SCREEN_QUANTITY, Q_KW_A);
    expect("A  W", "20.400");
    b.m.settings.value[SETTING_DISPLAY_UNITS] = 0;
    show(SCREEN_QUANTITY, Q_KW_A);
    expect("A  P", "20.400");
    b.m.reading[Q_FREQ] = METER_NO_READING;
    show(SCREEN_QUANTITY, Q_FREQ);
    expect("HZ", "----");
}

static void alerts_and_the_wrench(void **state)
{
    (void)state;
    show(SCREEN_ALERT, ALERT_SCREEN_PLOSS);
    expect("PLOSS", "nOnE");
    assert_int_equal(text.icons, 0);
    b.m.alerts = ALERT_PHASE_LOSS_B | ALERT_FREQUENCY;
    show(SCREEN_ALERT, ALERT_SCREEN_PLOSS);
    expect("PLOSS", "  b  ");
    assert_int_equal(text.icons, LCD_WRENCH);
    show(SCREEN_ALERT, ALERT_SCREEN_F_ERR);
    expect("F ERR", "A");
    show(SCREEN_ALERT, ALERT_SCREEN_V_OVR);
    expect("V OVR", "nOnE");
}

static void a_long_count_has_two_pages(void **state)
{
    (void)state;
    b.m.reading[Q_PULSE_COUNT_1] = 1234567;
    b.m.menu.off = false;
    show(SCREEN_QUANTITY, Q_PULSE_COUNT_1);
    expect("PULS1", "12.");
    b.m.menu.off = true;
    show(SCREEN_QUANTITY, Q_PULSE_COUNT_1);
    expect("PULS1", "34567");
}

static void notices_lie_over_the_bottom_row(void **state)
{
    (void)state;
    show(SCREEN_INFO, INFO_MODEL);
    expect("MODEL", "S4100");
    b.m.menu.notice_screen = b.m.menu.screen;
    b.m.menu.notice = NOTICE_SAVED;
    menu_text(&b.m, &text);
    expect("MODEL", "SAvEd");
    b.m.menu.notice = NOTICE_ERROR;
    menu_text(&b.m, &text);
    expect("MODEL", "Error");
}

static void nothing_is_shown_without_settings(void **state)
{
    (void)state;
    show(SCREEN_INFO, INFO_SYSTEM);
    expect("OS", "01.000");
    b.m.waiting = true;
    menu_text(&b.m, &text);
    expect("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(readings_and_their_prefixes, fresh),
        cmocka_unit_test_setup(alerts_and_the_wrench, fresh),
        cmocka_unit_test_setup(a_long_count_has_two_pages, fresh),
        cmocka_unit_test_setup(notices_lie_over_the_bottom_row, fresh),
        cmocka_unit_test_setup(nothing_is_shown_without_settings, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
