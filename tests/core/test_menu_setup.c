/* Settings on the panel: what is shown, what is taken, what is refused, and that it is
 * what a Modbus write of the same value does. */
#include "core/registers.h"
#include "tests/support/panel.h"

static struct panel p;
static struct bench twin; /* set over Modbus */

static int fresh(void **state)
{
    (void)state;
    panel_start(&p, &model_s4100);
    return 0;
}

/* To the title of a group of the setup. */
static void go_setup(const char *title)
{
    panel_go(&p, "SETUP");
    panel_type(&p, ">>>>>>");
    for (int k = 0; k < 11; k++) {
        panel_look(&p);
        if (!strcmp(p.top, title))
            return;
        panel_type(&p, "-");
    }
    fail_msg("no group %s", title);
}

/* The screen `steps` to the right of it; numbers on the way are left as they are. */
static void go_screen(const char *title, const char *top)
{
    go_setup(title);
    for (int k = 0; k < 20; k++) {
        panel_type(&p, ">");
        panel_look(&p);
        if (!strcmp(p.top, top))
            return;
    }
    fail_msg("no screen %s", top);
}

/* Types a number on the screen that is shown, from its first digit, and leaves it. */
static void enter(const char *digits)
{
    char now[16] = "", text[32];
    size_t count = 0;

    panel_wait_us(&p, 1000000); /* SAvEd or Error ends */
    panel_look(&p);
    for (const char *at = p.bottom; *at; at++)
        if (*at != '.')
            now[count++] = *at;
    snprintf(text, sizeof text, "%.*s%s", (int)(strlen(digits) - count), "00000", now);
    for (size_t k = count; k < strlen(digits); k++)
        panel_type(&p, "-"); /* leading zeros that are not shown */
    for (const char *at = text; *digits; at++, digits++) {
        for (int n = (*digits - *at + 10) % 10; n > 0; n--)
            panel_type(&p, "+");
        panel_type(&p, ">");
    }
}

static void steps_of_a_list(void **state)
{
    static const struct {
        const char *title, *top, *downward[7];
    } lists[] = {
        { "S COM",
          "BAUD",
          { "19200", "9600", "4800", "2400", "1200", "38400", "19200" } },
        { "S COM", "PAR", { "nOnE", "EvEn", "Odd", "nOnE", "EvEn", "Odd", "nOnE" } },
        { "S CT", "CT V", { "1.0", ".33", "1.0", ".33", "1.0", ".33", "1.0" } },
        { "S SYS", "SYSTM", { "3L-1n", "3L", "2L-1n", "2L", "1L-1n", "3L-1n", "3L" } },
        { "SDMND", "INTRV", { "1", "6", "5", "4", "3", "2", "1" } },
        { "S DIS", "UNITS", { "IEEE", "IEC", "IEEE", "IEC", "IEEE", "IEC", "IEEE" } },
        { "SPULS", "Wh/P", { "1000", "100", "10", "10", "10", "10", "10" } },
    };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(lists); k++) {
        go_screen(lists[k].title, lists[k].top);
        for (int n = 0; n < 7; n++) {
            panel_expect(&p, lists[k].top, lists[k].downward[n]);
            panel_type(&p, "-");
        }
        panel_type(&p, "+");
        if (strcmp(lists[k].top, "Wh/P"))
            panel_expect(&p, lists[k].top, lists[k].downward[6]);
        panel_type(&p, "<"); /* nothing is saved */
    }
    struct settings defaults;
    config_defaults(&defaults, &model_s4100);
    assert_memory_equal(&p.b.m.settings, &defaults, sizeof defaults);
}

static void saved_and_shown(void **state)
{
    (void)state;
    go_screen("S CT", "CT SZ");
    panel_expect(&p, "CT SZ", "100");
    panel_type(&p, "+++");
    panel_expect(&p, "CT SZ", "400");
    panel_type(&p, "-+"); /* a digit further left */
    panel_expect(&p, "CT SZ", "1400");
    panel_type(&p, ">>>");
    panel_expect(&p, "CT SZ", "1400");
    assert_int_equal(bench_read(&p.b, 131), 100);
    panel_type(&p, ">");
    panel_expect(&p, "CT SZ", "SAvEd");
    assert_int_equal(bench_read(&p.b, 131), 1400);
    panel_wait_us(&p, 1000000);
    panel_expect(&p, "S CT", "");
    panel_restart(&p); /* it is in NVM */
    assert_int_equal(bench_read(&p.b, 131), 1400);
    go_screen("S CT", "CT SZ");
    panel_expect(&p, "CT SZ", "1400");
    uint32_t writes = p.b.board.writes;
    panel_type(&p, ">>>>"); /* as it was: nothing to save */
    panel_expect(&p, "S CT", "");
    assert_int_equal(p.b.board.writes, writes);
    go_screen("S CT", "CT SZ");
    panel_type(&p, "++<"); /* back leaves without saving */
    panel_expect(&p, "CT V", "1.0");
    assert_int_equal(bench_read(&p.b, 131), 1400);
}

static void refused_keeps_the_old_value(void **state)
{
    (void)state;
    go_screen("S V", "V LL");
    enter("00661");
    panel_expect(&p, "V LL", "Error");
    assert_int_equal(bench_read(&p.b, 134), 600);
    panel_wait_us(&p, 1000000);
    panel_expect(&p, "V LL", "00600");
    enter("99999"); /* beyond 16 bits */
    panel_expect(&p, "V LL", "Error");
    assert_int_equal(bench_read(&p.b, 134), 600);
    enter("00480");
    panel_expect(&p, "V LL", "SAvEd");
    assert_int_equal(bench_read(&p.b, 134), 480);
    go_screen("S COM", "ADDR");
    enter("248");
    panel_expect(&p, "ADDR", "Error");
    enter("000");
    panel_expect(&p, "ADDR", "Error");
    enter("247");
    panel_expect(&p, "ADDR", "SAvEd");
    assert_int_equal(p.b.m.rtu.address, 247);
    panel_wait_us(&p, 1000000);
    panel_expect(&p, "BAUD", "19200");
    panel_type(&p, "+>");
    panel_expect(&p, "BAUD", "SAvEd");
    assert_int_equal(p.b.board.baud, 38400);
    p.b.board.refuses = true; /* NVM does not answer */
    panel_type(&p, "+>");
    panel_expect(&p, "PAR", "Error");
    assert_int_equal(p.b.m.settings.value[SETTING_PARITY], HAL_PARITY_NONE);
    p.b.board.refuses = false;
    panel_type(&p, "+>");
    panel_expect(&p, "PAR", "SAvEd");
    assert_int_equal(p.b.board.parity, HAL_PARITY_ODD);
}

static void new_passwords(void **state)
{
    (void)state;
    go_screen("SPASS", "SETUP");
    enter("90817");
    panel_expect(&p, "SETUP", "SAvEd");
    enter("65536");
    panel_expect(&p, "RESET", "SAvEd");
    panel_restart(&p);
    panel_go(&p, "SETUP");
    panel_type(&p, ">>>>>>");
    panel_expect(&p, "PASWD", "Error");
    enter("90817");
    panel_expect(&p, "S COM", "");
    panel_go(&p, "RESET");
    panel_type(&p, ">");
    enter("90817");
    panel_expect(&p, "PASWD", "Error");
    enter("65536");
    panel_expect(&p, "ENERG", "rESEt");
}

/* Manual, "Wh/P": upwards it jumps to the first value that works, downwards it will not
 * go to one that does not. */
static void pulse_energy(void **state)
{
    (void)state;
    bench_set(&p.b, 144, 10);
    bench_set(&p.b, 131, 32000); /* 33 MW: 10 and 100 Wh cannot keep up */
    go_screen("SPULS", "Wh/P");
    panel_expect(&p, "Wh/P", "10");
    panel_type(&p, "-");
    panel_expect(&p, "Wh/P", "10");
    panel_type(&p, "+");
    panel_expect(&p, "Wh/P", "1000");
    panel_type(&p, "-");
    panel_expect(&p, "Wh/P", "1000");
    panel_type(&p, ">");
    panel_expect(&p, "Wh/P", "SAvEd");
    panel_wait_us(&p, 1000000);
    panel_expect(&p, "mS/P", "50"); /* 36 MW */
    assert_int_equal(bench_read(&p.b, 145), 50);
    panel_type(&p, "<+++");
    panel_expect(&p, "Wh/P", "10000");
}

static void max_power_follows(void **state)
{
    (void)state;
    go_screen("S PWR", "MX KW");
    panel_expect(&p, "MX KW", "103.92");
    bench_set(&p.b, 131, 32000);
    panel_expect(&p, "MX KW", "33255");
    bench_set(&p.b, 133, 10000); /* PTs of 100:1 */
    bench_set(&p.b, 134, 32000);
    panel_expect(&p, "MX MW", "1773.6");
}

/* Each number with a register, taken and refused as over Modbus, with the same
 * registers afterwards. */
static void the_same_as_over_modbus(void **state)
{
    static const struct {
        const char *title, *top;
        uint16_t reg;
        int digits;
        uint32_t values[10];
    } numbers[] = {
        { "S CT",
          "CT SZ",
          131,
          5,
          { 1, 32000, 32001, 19, 5, 0, 65535, 99999, 20, 100 } },
        { "S PT",
          "RATIO",
          133,
          5,
          { 1, 32000, 32001, 0, 100, 250, 65536, 120, 99999, 7 } },
        { "S V", "V LL", 134, 5, { 81, 82, 660, 661, 600, 0, 480, 65618, 32000, 208 } },
        { "SPLOS", "VOLTS", 142, 3, { 0, 1, 99, 100, 999, 10, 5, 250, 50, 25 } },
        { "SPLOS", "IMBAL", 143, 3, { 0, 1, 99, 100, 999, 10, 5, 250, 50, 25 } },
        { "SDMND",
          "SEC",
          150,
          5,
          { 0, 9, 10, 32767, 32768, 65536, 900, 1, 60, 99999 } },
    };

    (void)state;
    fake_board_start(&twin.board);
    bench_power_up(&twin);
    for (size_t k = 0; k < COUNT_OF(numbers); k++)
        for (int n = 0; n < 10; n++) {
            uint32_t value = numbers[k].values[n];
            uint16_t before = bench_read(&twin, numbers[k].reg), words[26], twins[26];
            char digits[16];
            snprintf(digits, sizeof digits, "%0*u", numbers[k].digits, value);
            go_screen(numbers[k].title, numbers[k].top);
            enter(digits);
            int exception = value > 65535
                                ? MODBUS_ILLEGAL_VALUE
                                : bench_write(&twin, numbers[k].reg, (uint16_t)value);
            if (exception)
                panel_expect(&p, numbers[k].top, "Error");
            else if (value != before)
                panel_expect(&p, numbers[k].top, "SAvEd");
            assert_int_equal(bench_read_many(&p.b, 129, 26, words), 0);
            assert_int_equal(bench_read_many(&twin, 129, 26, twins), 0);
            words[152 - 129] = twins[152 - 129]; /* power-ups */
            assert_memory_equal(words, twins, sizeof words);
            assert_memory_equal(&p.b.m.settings, &twin.m.settings,
                                sizeof twin.m.settings);
        }
}

/* A change of the sub-interval on the panel is one for the logs, too. */
static void the_logs_are_told(void **state)
{
    (void)state;
    go_screen("SDMND", "SEC");
    enter("00060");
    panel_expect(&p, "SEC", "SAvEd");
    fake_board_start(&twin.board);
    bench_power_up(&twin);
    bench_set(&twin, 150, 60);
    assert_memory_equal(&p.b.m.log, &twin.m.log, sizeof twin.m.log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(steps_of_a_list, fresh),
        cmocka_unit_test_setup(saved_and_shown, fresh),
        cmocka_unit_test_setup(refused_keeps_the_old_value, fresh),
        cmocka_unit_test_setup(new_passwords, fresh),
        cmocka_unit_test_setup(pulse_energy, fresh),
        cmocka_unit_test_setup(max_power_follows, fresh),
        cmocka_unit_test_setup(the_same_as_over_modbus, fresh),
        cmocka_unit_test_setup(the_logs_are_told, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
