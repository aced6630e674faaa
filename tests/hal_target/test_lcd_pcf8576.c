/* The display's driver and the PCF8576 on I2C1: what the glass shows, and what happens when
 * the part does not acknowledge, or the bus is held. */
#include "chips.h"
#include "hal_target/stm32f405/lcd_pcf8576.h"

static struct lcd_pcf8576 l;

/* Turns of the main loop, at the tick. */
static void run(int64_t us)
{
    for (int64_t until = chips.soc.now_ns + us * 1000; chips.soc.now_ns < until;) {
        lcd_pcf8576_run(&l, clocks_now_us());
        chips_pass_us(625);
    }
}

static void start(void)
{
    chips_start();
    chips.soc.rcc.crystal.startup_ns = 100000; /* the part needs 1 ms */
    clocks_start();
    pins_start();
    lcd_pcf8576_start(&l);
}

static void write_byte(uint32_t address, uint8_t byte)
{
    lcd_pcf8576_write(&l, address, &byte, 1);
}

static void test_the_memory_arrives(void **state)
{
    (void)state;
    start();
    lcd_pcf8576_write(&l, 0, (const uint8_t *)"\x81", 1);
    lcd_pcf8576_write(&l, 18, (const uint8_t *)"\x12\x34", 2);
    run(40000);
    assert_true(l.answers);
    assert_true(chips.board.lcd.on);
    assert_int_equal(chips.glass[0], 0x81);
    for (int k = 1; k < 18; k++)
        assert_int_equal(chips.glass[k], 0);
    assert_int_equal(chips.glass[18], 0x12);
    assert_int_equal(chips.glass[19], 0x34);
    assert_int_equal(chips.board.lcd.too_fast + chips.board.lcd.too_soon, 0);
    assert_int_equal(chips.soc.i2c.trise, 38 + 1); /* 1000 ns at 38.7 MHz (27.6.9) */
    assert_int_equal(l.failures, 0);
}

static void test_only_changes_are_sent_and_a_refresh(void **state)
{
    (void)state;
    start();
    run(40000);
    assert_int_equal(l.state, LCD_PCF8576_IDLE);
    write_byte(3, 0);                                    /* as it is */
    lcd_pcf8576_write(&l, 19, (const uint8_t *)"ab", 2); /* runs out of the memory */
    run(10000);
    assert_int_equal(l.state, LCD_PCF8576_IDLE);
    write_byte(3, 1);
    run(40000);
    assert_int_equal(chips.glass[3], 1);
    pcf8576_power(&chips.board.lcd, true, chips.soc.now_ns); /* a disturbance */
    assert_int_equal(chips.glass[3], 0);
    run(LCD_PCF8576_REFRESH_US + 40000);
    assert_int_equal(chips.glass[3], 1);
}

static void test_a_change_while_sending_is_sent_after(void **state)
{
    (void)state;
    start();
    run(5000);
    assert_int_equal(l.state, LCD_PCF8576_SENDING);
    write_byte(0, 0x55);
    run(70000);
    assert_int_equal(chips.glass[0], 0x55);
}

/* Turns of the main loop that follow each other at once: a STOP takes 10 us (27.6.1). */
static void test_a_start_waits_for_the_stop_before_it(void **state)
{
    const uint32_t both = I2C_CR1_START | I2C_CR1_STOP;
    int stops = 0;

    (void)state;
    start();
    chips_pass_us(5000);
    for (int turn = 0; turn < 20000; turn++) {
        write_byte(0, (uint8_t)(turn >> 6));
        lcd_pcf8576_run(&l, clocks_now_us());
        assert_int_not_equal(chips.soc.i2c.cr1 & both, both);
        stops += (chips.soc.i2c.cr1 & both) == I2C_CR1_STOP;
        chips_pass_us(1);
    }
    assert_in_range(stops, 10, 1000);
}

static void test_an_absent_part_is_noticed_and_found_again(void **state)
{
    (void)state;
    start();
    chips.board.lcd.absent = true;
    run(40000);
    assert_false(l.answers);
    assert_int_equal(l.failures, 1);
    run(5 * LCD_PCF8576_REFRESH_US);
    assert_in_range(l.failures, 5, 7); /* tried once a second */
    chips.board.lcd.absent = false;
    write_byte(0, 7);
    run(2 * LCD_PCF8576_REFRESH_US);
    assert_true(l.answers);
    assert_int_equal(chips.glass[0], 7);
}

/* SDA is held low for ever: nothing waits for it, and it is noticed. */
static void test_a_bus_that_hangs_stops_nothing(void **state)
{
    (void)state;
    start();
    run(40000);
    soc_drive(&chips.soc, SOC_PB + 7, PIN_LOW);
    run(2 * LCD_PCF8576_REFRESH_US);
    assert_true(l.failures >= 1);
    assert_false(l.answers);
    soc_drive(&chips.soc, SOC_PB + 7, PIN_OPEN);
    run(2 * LCD_PCF8576_REFRESH_US);
    assert_true(l.answers);
}

/* A part that was left inside a byte lets go of SDA after so many clocks. */
static int held;
static void (*board_pin)(void *user, unsigned pin, enum pin_level level,
                         int64_t now_ns);

static void count_clocks(void *user, unsigned pin, enum pin_level level, int64_t now_ns)
{
    if (pin == SOC_PB + 6 && level != PIN_LOW && held > 0 && --held == 0)
        soc_drive(&chips.soc, SOC_PB + 7, PIN_OPEN);
    board_pin(user, pin, level, now_ns);
}

static void hold(int clocks)
{
    if (chips.soc.wires.pin != count_clocks)
        board_pin = chips.soc.wires.pin;
    chips.soc.wires.pin = count_clocks;
    held = clocks;
    soc_drive(&chips.soc, SOC_PB + 7, PIN_LOW);
}

/* The meter was reset while it sent, or a disturbance came while it runs. */
static void test_a_bus_that_is_held_is_freed(void **state)
{
    (void)state;
    start();
    hold(7);
    write_byte(0, 9);
    run(60000);
    assert_int_equal(held, 0);
    assert_int_equal(l.freed, 1);
    assert_true(l.answers);
    assert_int_equal(chips.glass[0], 9);
    hold(9);
    run(3 * LCD_PCF8576_REFRESH_US);
    assert_int_equal(l.freed, 2);
    assert_true(l.answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_memory_arrives),
        cmocka_unit_test(test_only_changes_are_sent_and_a_refresh),
        cmocka_unit_test(test_a_change_while_sending_is_sent_after),
        cmocka_unit_test(test_a_start_waits_for_the_stop_before_it),
        cmocka_unit_test(test_an_absent_part_is_noticed_and_found_again),
        cmocka_unit_test(test_a_bus_that_hangs_stops_nothing),
        cmocka_unit_test(test_a_bus_that_is_held_is_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
