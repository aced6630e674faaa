/* The panel by its keys: idle scroll, blinking, passwords, resets, alerts, info, and
 * that its outcome does not depend on how often the board looks. */
#include "core/alert.h"
#include "tests/support/panel.h"
#include "tests/support/settings.h"

enum { S = 1000000 };

static struct panel p;

static int fresh(void **state)
{
    (void)state;
    panel_start(&p, &model_s4100);
    return 0;
}

static void set(enum setting id, uint16_t value)
{
    struct settings s = p.b.m.settings;

    s.value[id] = value;
    assert_int_equal(apply_settings(&p.b.m, &s), 0);
}

static void expect_top(const char *top)
{
    panel_look(&p);
    assert_string_equal(p.top, top);
}

static void scrolls_when_idle(void **state)
{
    static const char *const tops[] = { "3 A",   "3 VLL", "3 VLN", "3 KW",  "3KVAR",
                                        "3 KVA", "3 PF",  "3  Wh", "3  Wh", "HZ" };

    (void)state;
    panel_wait_us(&p, 5 * S - 1); /* from power-up on */
    for (int n = 0; n < 25; n++) {
        expect_top(tops[n % 10]);
        panel_wait_us(&p, 5 * S);
    }
    panel_go(&p, "INFO"); /* a key ends it, and 60 s without one start it */
    panel_type(&p, ">");
    panel_wait_us(&p, 60 * S - 180000 - 1); /* the press was 180 ms ago */
    expect_top("MODEL");
    panel_wait_us(&p, 1);
    expect_top("3 A");
    panel_wait_us(&p, 5 * S);
    expect_top("3 VLL");
    panel_type(&p, ">"); /* a key acts on what it finds */
    expect_top("3 VLN");
    panel_wait_us(&p, 59 * S);
    expect_top("3 VLN");
}

/* An edit that is left alone is forgotten, and the setup is locked again. */
static void idle_locks(void **state)
{
    (void)state;
    panel_go(&p, "SETUP");
    panel_type(&p, ">>>>>>>+++");
    panel_expect(&p, "ADDR", "301");
    panel_wait_us(&p, 61 * S);
    expect_top("3 A");
    panel_go(&p, "SETUP");
    panel_type(&p, ">");
    panel_expect(&p, "PASWD", "00000");
    assert_int_equal(p.b.m.settings.value[SETTING_ADDRESS], 1);
}

static void the_chosen_digit_blinks(void **state)
{
    (void)state;
    panel_go(&p, "SETUP");
    panel_type(&p, ">>>>>>>>"); /* ADDR, second digit */
    panel_expect(&p, "ADDR", "001");
    panel_wait_us(&p, 500000 - 180000 - 1);
    panel_expect(&p, "ADDR", "001");
    for (int n = 0; n < 4; n++) {
        panel_wait_us(&p, 1);
        panel_expect(&p, "ADDR", n % 2 ? "001" : "0 1");
        panel_wait_us(&p, 499999);
        panel_expect(&p, "ADDR", n % 2 ? "001" : "0 1");
    }
    panel_wait_us(&p, 400000); /* dark; a key shows what it did at once */
    panel_type(&p, "+");
    panel_expect(&p, "ADDR", "011");
}

static void wrong_passwords(void **state)
{
    (void)state;
    set(SETTING_SETUP_PASSWORD_LOW, 12345);
    set(SETTING_RESET_PASSWORD_HIGH, 1); /* 65536 + 1 */
    set(SETTING_RESET_PASSWORD_LOW, 1);
    uint32_t writes = p.b.board.writes;
    panel_go(&p, "SETUP");
    panel_type(&p, ">>>>>>");
    panel_expect(&p, "PASWD", "Error");
    panel_wait_us(&p, S);
    panel_expect(&p, "PASWD", "00000");
    panel_type(&p, "+>++>+++>++++>+++++");
    panel_expect(&p, "PASWD", "12345");
    panel_type(&p, "+>"); /* 12346 */
    panel_expect(&p, "PASWD", "Error");
    panel_type(&p, "+>++>"); /* a key ends the notice and counts */
    panel_expect(&p, "PASWD", "12000");
    panel_type(&p, "+++>++++>+++++>");
    panel_expect(&p, "S COM", "");
    panel_type(&p, "<");
    panel_expect(&p, "SETUP", "");
    panel_type(&p, ">");
    panel_expect(&p, "PASWD", "00000");
    panel_go(&p, "RESET");
    panel_type(&p, ">>>>>>");
    panel_expect(&p, "PASWD", "Error");
    panel_type(&p, "++++++>+++++>+++++>+++>+++++++>");
    panel_expect(&p, "ENERG", "rESEt");
    assert_int_equal(p.b.board.writes, writes);
}

static void minus_goes_left_around(void **state)
{
    (void)state;
    panel_go(&p, "SETUP");
    panel_type(&p, ">-+"); /* from the first digit to the last */
    panel_expect(&p, "PASWD", "00001");
    panel_type(&p, "-++");
    panel_expect(&p, "PASWD", "00021");
    panel_type(&p, "++++++++");
    panel_expect(&p, "PASWD", "00001"); /* 9 goes to 0 and carries nothing */
}

static void resets(void **state)
{
    (void)state;
    p.b.m.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] = 123456;
    p.b.m.pulse.channel[0].count = 77;
    panel_go(&p, "RESET");
    panel_type(&p, ">>>>>>");
    panel_expect(&p, "ENERG", "rESEt");
    panel_hold(&p, METER_KEY_PLUS, 5 * S); /* held: once */
    assert_int_equal(p.b.m.energy.resets, 1);
    assert_true(p.b.m.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] == 0);
    assert_int_equal(p.b.m.pulse.channel[0].count, 77);
    panel_type(&p, "-");
    panel_expect(&p, "ENERG", "SAvEd");
    assert_int_equal(p.b.m.energy.resets, 2);
    assert_false(p.b.m.demand.reset_asked);
    panel_type(&p, ">+");
    panel_expect(&p, "DEMND", "SAvEd");
    assert_true(p.b.m.demand.reset_asked);
    panel_type(&p, ">");
    panel_expect(&p, "COUNT", "rESEt");
    assert_int_equal(p.b.m.pulse.channel[0].count, 77);
    p.b.board.refuses = true; /* the chip does not answer */
    panel_type(&p, "+");
    panel_expect(&p, "COUNT", "Error");
    assert_int_equal(p.b.m.pulse.channel[0].count, 77);
    p.b.board.refuses = false;
    panel_type(&p, "+");
    panel_expect(&p, "COUNT", "SAvEd");
    assert_int_equal(p.b.m.pulse.channel[0].count, 0);
    panel_type(&p, ">");
    panel_expect(&p, "RESET", "");
    panel_type(&p, ">"); /* locked again */
    panel_expect(&p, "PASWD", "00000");
}

static void alerts(void **state)
{
    static const struct {
        unsigned first_bit;
        int presses;
        const char *top;
    } groups[] = {
        { 1 << 8, 1, "PLOSS" },
        { 1 << 11, 2, "LOWPF" },
        { 1 << 3, 4, "I OVR" },
        { 1 << 0, 5, "V OVR" },
    };
    static const char *const letters[] = { "nOnE", "A",    "b",   "A b",
                                           "C",    "A  C", "b C", "A b C" };

    (void)state;
    for (size_t g = 0; g < COUNT_OF(groups); g++) {
        panel_go(&p, "ALERT");
        panel_type(&p, &">>>>>"[5 - groups[g].presses]);
        for (unsigned bits = 0; bits < 8; bits++) {
            p.b.m.alerts = (uint16_t)(bits * groups[g].first_bit);
            menu_second(&p.b.m);
            panel_expect(&p, groups[g].top, bits == 5 ? "A   C" : letters[bits]);
            assert_int_equal(p.icon[1], bits != 0); /* the wrench */
        }
    }
    panel_go(&p, "ALERT");
    panel_type(&p, ">>>");
    p.b.m.alerts = ALERT_FREQUENCY;
    menu_second(&p.b.m);
    panel_expect(&p, "F ERR", "A");
    panel_type(&p, ">>>");
    panel_expect(&p, "PULSE", "nOnE");
    p.b.m.alerts = ALERT_PULSE_CONFIG;
    menu_second(&p.b.m);
    panel_expect(&p, "PULSE", "ConF");
    p.b.m.alerts |= ALERT_PULSE_OVERRUN;
    menu_second(&p.b.m);
    panel_expect(&p, "PULSE", "Error");
}

/* Ten digits on two pages of two seconds. */
static void long_counts(void **state)
{
    (void)state;
    panel_go(&p, "INFO");
    panel_type(&p, ">>>>");
    panel_expect(&p, "SN", "123.");
    panel_wait_us(&p, 2 * S - 180000);
    panel_expect(&p, "SN", "45678");
    panel_wait_us(&p, 2 * S);
    panel_expect(&p, "SN", "123.");
}

/* A setting that comes over Modbus may take the screen away. */
static void screens_that_vanish(void **state)
{
    (void)state;
    panel_go(&p, "CPHAS");
    panel_type(&p, ">>");
    panel_expect(&p, "C VAC", "----");
    bench_set(&p.b, 137, 0);
    panel_expect(&p, "C U", "----");
    bench_set(&p.b, 130, 12);
    panel_expect(&p, "2PHAS", "");
    panel_type(&p, "++");
    panel_expect(&p, "BPHAS", "");
    panel_type(&p, "+");
    panel_expect(&p, "DEMND", "");
}

static int lcd_writes_of(const uint8_t *before, const uint8_t *after)
{
    int changed = 0;

    for (int k = 0; k < HAL_LCD_SIZE; k++)
        changed += before[k] != after[k];
    return changed;
}

/* A second that changes nothing but the heart writes one byte. */
static void written_on_change(void **state)
{
    uint8_t before[HAL_LCD_SIZE];

    (void)state;
    panel_go(&p, "INFO");
    memcpy(before, p.b.board.lcd, sizeof before);
    uint32_t bytes = p.b.board.lcd_bytes;
    menu_second(&p.b.m);
    assert_int_equal(p.b.board.lcd_bytes, bytes + 1);
    assert_int_equal(lcd_writes_of(before, p.b.board.lcd), 1);
    struct random dice = { 4 };
    for (int n = 0; n < 500; n++) {
        memcpy(before, p.b.board.lcd, sizeof before);
        bytes = p.b.board.lcd_bytes;
        char key[2] = { "+-<>"[random_range(&dice, 0, 3)], 0 };
        panel_keys(&p, *key == '+' ? 1 : *key == '-' ? 2 : *key == '<' ? 4 : 8);
        panel_wait_us(&p, 20000); /* the press: one drawing */
        assert_int_equal(p.b.board.lcd_bytes - bytes,
                         lcd_writes_of(before, p.b.board.lcd));
        panel_keys(&p, 0);
        panel_wait_us(&p, 20000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(scrolls_when_idle, fresh),
        cmocka_unit_test_setup(idle_locks, fresh),
        cmocka_unit_test_setup(the_chosen_digit_blinks, fresh),
        cmocka_unit_test_setup(wrong_passwords, fresh),
        cmocka_unit_test_setup(minus_goes_left_around, fresh),
        cmocka_unit_test_setup(resets, fresh),
        cmocka_unit_test_setup(alerts, fresh),
        cmocka_unit_test_setup(long_counts, fresh),
        cmocka_unit_test_setup(screens_that_vanish, fresh),
        cmocka_unit_test_setup(written_on_change, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
