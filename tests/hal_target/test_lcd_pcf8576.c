/* The display's driver at the level of I2C1's registers: the bytes that a PCF8576 gets,
 * and what happens when it does not acknowledge, or the bus hangs. */
#include "hal_target/stm32f405/lcd_pcf8576.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

static struct bus {
    bool absent, hangs;
    int held;         /* clocks until the part lets go of SDA: it is inside a byte */
    bool scl;         /* as driven by hand */
    int stop_takes;   /* reads of CR1 until a STOP has left */
    bool early_start; /* a START was written before that */
    bool started, addressed;
    uint32_t status;
    uint8_t bytes[64]; /* of the message that runs, or ran: address first */
    uint32_t count, messages, stops, resets;
    /* The part: */
    uint8_t ram[HAL_LCD_SIZE];
    uint32_t pointer;
    bool commands, on;
} bus;

/* Segments 2n and 2n+1 of four backplanes take a byte (1:4 multiplex). */
static void part_take(uint8_t byte)
{
    if (!bus.commands) {
        bus.ram[bus.pointer++ / 2 % HAL_LCD_SIZE] = byte;
        bus.pointer++;
        return;
    }
    bus.commands = byte & 0x80;
    if ((byte & 0x60) == 0x40)
        bus.on = (byte & 0x0F) == 0x08;
    else if ((byte & 0x40) == 0)
        bus.pointer = byte & 0x3F;
    else if ((byte & 0x78) == 0x60)
        bus.on = bus.on && (byte & 7) == 0;
}

static bool fake_read(uint32_t address, uint32_t *value)
{
    if (address == I2C1_SR1)
        *value = bus.hangs ? 0 : bus.status;
    else if (address == I2C1_SR2 && bus.status & I2C_SR1_ADDR)
        bus.status = I2C_SR1_TXE, *value = 0;
    else if (address == I2C1_SR2)
        *value = bus.held ? I2C_SR2_BUSY : 0;
    else if (address == GPIOB + GPIO_IDR)
        *value = bus.held ? 1 << 6 : 3 << 6;
    else if (address == I2C1_CR1 && bus.stop_takes > 0 && bus.stop_takes--)
        *value = *mmio_word(address) | I2C_CR1_STOP;
    else
        return false;
    return true;
}

/* SCL by hand: a part that waits inside a byte counts its rising edges. */
static void clock_by_hand(void)
{
    const bool scl = mmio_pin(GPIOB, 6);

    if ((*mmio_word(GPIOB + GPIO_MODER) >> 12 & 3) == 1 && scl && !bus.scl && bus.held)
        bus.held--;
    bus.scl = scl;
}

static void write_data(uint8_t byte)
{
    if (bus.count < sizeof bus.bytes)
        bus.bytes[bus.count++] = byte;
    if (bus.status & I2C_SR1_SB) {
        bool answers = !bus.absent && byte == 0x70;
        bus.status = answers ? I2C_SR1_ADDR : 1u << 10;
        bus.commands = true;
    } else {
        part_take(byte);
        bus.status = I2C_SR1_TXE | I2C_SR1_BTF;
    }
}

static bool fake_write(uint32_t address, uint32_t value)
{
    if (address == GPIOB + GPIO_BSRR)
        clock_by_hand();
    if (address == I2C1_DR)
        write_data((uint8_t)value);
    if (address == I2C1_CR1 && value & I2C_CR1_START)
        bus.early_start |= bus.stop_takes > 0;
    if (address == I2C1_CR1 && bus.held)
        return false;
    if (address == I2C1_CR1 && value & I2C_CR1_START) {
        bus.status = I2C_SR1_SB;
        bus.count = 0;
        bus.messages++;
        *mmio_word(I2C1_CR1) = value & ~(uint32_t)I2C_CR1_START;
        return true;
    }
    if (address == I2C1_CR1 && value & I2C_CR1_STOP) {
        bus.status = 0;
        bus.stops++;
        bus.stop_takes = 3;
        *mmio_word(I2C1_CR1) = value & ~(uint32_t)I2C_CR1_STOP;
        return true;
    }
    if (address == I2C1_CR1 && value & I2C_CR1_SWRST)
        bus.resets++;
    return false;
}

static uint64_t now_us;

static void run(struct lcd_pcf8576 *l, uint64_t us)
{
    for (uint64_t until = now_us + us; now_us < until; now_us += 400)
        lcd_pcf8576_run(l, now_us);
}

static void start(struct lcd_pcf8576 *l)
{
    mmio_reset();
    memset(&bus, 0, sizeof bus);
    memset(bus.ram, 0xEE, sizeof bus.ram);
    now_us = 0;
    lcd_pcf8576_start(l);
}

static void test_the_memory_arrives(void **state)
{
    static const uint8_t commands[] = { 0x70, 0xC8, 0xE0, 0xF8, 0xF0, 0x00 };
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    lcd_pcf8576_write(&l, 0, (const uint8_t *)"\x81", 1);
    lcd_pcf8576_write(&l, 18, (const uint8_t *)"\x12\x34", 2);
    run(&l, 20000);
    assert_int_equal(bus.messages, 1);
    assert_int_equal(bus.stops, 1);
    assert_int_equal(bus.count, 1 + LCD_PCF8576_MESSAGE);
    assert_memory_equal(bus.bytes, commands, sizeof commands);
    assert_true(bus.on);
    assert_true(l.answers);
    assert_int_equal(bus.ram[0], 0x81);
    for (int k = 1; k < 18; k++)
        assert_int_equal(bus.ram[k], 0);
    assert_int_equal(bus.ram[18], 0x12);
    assert_int_equal(bus.ram[19], 0x34);
}

static void test_only_changes_are_sent_and_a_refresh(void **state)
{
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    run(&l, 20000);
    lcd_pcf8576_write(&l, 3, (const uint8_t *)"\0", 1);  /* as it is */
    lcd_pcf8576_write(&l, 19, (const uint8_t *)"ab", 2); /* runs out of the memory */
    run(&l, 20000);
    assert_int_equal(bus.messages, 1);
    lcd_pcf8576_write(&l, 3, (const uint8_t *)"\1", 1);
    run(&l, 20000);
    assert_int_equal(bus.messages, 2);
    assert_int_equal(bus.ram[3], 1);
    memset(bus.ram, 0, sizeof bus.ram); /* the part was reset */
    run(&l, LCD_PCF8576_REFRESH_US + 20000);
    assert_int_equal(bus.ram[3], 1);
}

static void test_a_change_while_sending_is_sent_after(void **state)
{
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    run(&l, 4000);
    lcd_pcf8576_write(&l, 0, (const uint8_t *)"\x55", 1);
    run(&l, 40000);
    assert_int_equal(bus.messages, 2);
    assert_int_equal(bus.ram[0], 0x55);
}

static void test_an_absent_part_is_noticed_and_found_again(void **state)
{
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    bus.absent = true;
    run(&l, 20000);
    assert_false(l.answers);
    assert_int_equal(l.failures, 1);
    assert_int_equal(bus.resets, 2); /* at the start, and after the failure */
    run(&l, 5 * LCD_PCF8576_REFRESH_US);
    assert_in_range(bus.messages, 5, 7); /* tried once a second */
    bus.absent = false;
    run(&l, 2 * LCD_PCF8576_REFRESH_US);
    assert_true(l.answers);
    assert_int_equal(bus.ram[0], 0);
}

static void test_a_bus_that_hangs_stops_nothing(void **state)
{
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    bus.hangs = true;
    run(&l, 3 * LCD_PCF8576_STEP_US);
    assert_int_equal(l.failures, 1);
    assert_int_equal(l.state, LCD_PCF8576_IDLE);
    bus.hangs = false;
    run(&l, 2 * LCD_PCF8576_REFRESH_US);
    assert_true(l.answers);
}

/* The meter was reset while it sent: the part holds SDA until it has had its clocks. */
static void test_a_bus_that_is_held_is_freed(void **state)
{
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    bus.held = 7;
    run(&l, 50000);
    assert_int_equal(bus.held, 0);
    assert_int_equal(l.freed, 1);
    assert_true(l.answers);
    assert_int_equal(bus.ram[0], 0);
    /* Back in I2C1's hands, open drain. */
    assert_int_equal(*mmio_word(GPIOB + GPIO_MODER) >> 12 & 15, 0xA);
    assert_int_equal(*mmio_word(GPIOB + GPIO_OTYPER) >> 6 & 3, 3);
    bus.held = 9; /* a disturbance while it runs */
    run(&l, 3 * LCD_PCF8576_REFRESH_US);
    assert_int_equal(l.freed, 2);
    assert_true(l.answers);
}

/* Nothing is sent in the first ms, and no START while a STOP is pending. */
static void test_it_waits_for_power_on_and_for_stop(void **state)
{
    struct lcd_pcf8576 l;

    (void)state;
    start(&l);
    run(&l, LCD_PCF8576_POWER_ON_US);
    assert_int_equal(bus.messages, 0);
    run(&l, 20000);
    assert_int_equal(bus.messages, 1);
    for (int k = 0; k < 20; k++) {
        lcd_pcf8576_write(&l, 3, (const uint8_t[]){ (uint8_t)(k + 1) }, 1);
        run(&l, 20000);
    }
    assert_int_equal(bus.messages, 21);
    assert_false(bus.early_start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_memory_arrives),
        cmocka_unit_test(test_only_changes_are_sent_and_a_refresh),
        cmocka_unit_test(test_a_change_while_sending_is_sent_after),
        cmocka_unit_test(test_an_absent_part_is_noticed_and_found_again),
        cmocka_unit_test(test_a_bus_that_hangs_stops_nothing),
        cmocka_unit_test(test_a_bus_that_is_held_is_freed),
        cmocka_unit_test(test_it_waits_for_power_on_and_for_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
