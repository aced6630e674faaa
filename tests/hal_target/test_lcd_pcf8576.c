/* The display's driver at the level of I2C1's registers: the bytes that a PCF8576 gets,
 * and what happens when it does not acknowledge, or the bus hangs. */
#include "hal_target/stm32f405/lcd_pcf8576.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

static struct bus {
    bool absent, hangs;
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
    else
        return false;
    return true;
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
    if (address == I2C1_DR)
        write_data((uint8_t)value);
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
        *mmio_word(I2C1_CR1) = value & ~(uint32_t)I2C_CR1_STOP;
        return true;
    }
    if (address == I2C1_CR1 && value & I2C_CR1_SWRST)
        bus.resets++;
    return false;
}

static uint64_t now_us;

static void run(struct pcf8576 *l, uint64_t us)
{
    for (uint64_t until = now_us + us; now_us < until; now_us += 400)
        pcf8576_run(l, now_us);
}

static void start(struct pcf8576 *l)
{
    mmio_reset();
    memset(&bus, 0, sizeof bus);
    memset(bus.ram, 0xEE, sizeof bus.ram);
    now_us = 1000;
    pcf8576_start(l);
}

static void test_the_memory_arrives(void **state)
{
    static const uint8_t commands[] = { 0x70, 0xC8, 0xE0, 0xF8, 0xF0, 0x00 };
    struct pcf8576 l;

    (void)state;
    start(&l);
    pcf8576_write(&l, 0, (const uint8_t *)"\x81", 1);
    pcf8576_write(&l, 18, (const uint8_t *)"\x12\x34", 2);
    run(&l, 20000);
    assert_int_equal(bus.messages, 1);
    assert_int_equal(bus.stops, 1);
    assert_int_equal(bus.count, 1 + PCF8576_MESSAGE);
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
    struct pcf8576 l;

    (void)state;
    start(&l);
    run(&l, 20000);
    pcf8576_write(&l, 3, (const uint8_t *)"\0", 1);  /* as it is */
    pcf8576_write(&l, 19, (const uint8_t *)"ab", 2); /* runs out of the memory */
    run(&l, 20000);
    assert_int_equal(bus.messages, 1);
    pcf8576_write(&l, 3, (const uint8_t *)"\1", 1);
    run(&l, 20000);
    assert_int_equal(bus.messages, 2);
    assert_int_equal(bus.ram[3], 1);
    memset(bus.ram, 0, sizeof bus.ram); /* the part was reset */
    run(&l, PCF8576_REFRESH_US + 20000);
    assert_int_equal(bus.ram[3], 1);
}

static void test_a_change_while_sending_is_sent_after(void **state)
{
    struct pcf8576 l;

    (void)state;
    start(&l);
    run(&l, 2000);
    pcf8576_write(&l, 0, (const uint8_t *)"\x55", 1);
    run(&l, 40000);
    assert_int_equal(bus.messages, 2);
    assert_int_equal(bus.ram[0], 0x55);
}

static void test_an_absent_part_is_noticed_and_found_again(void **state)
{
    struct pcf8576 l;

    (void)state;
    start(&l);
    bus.absent = true;
    run(&l, 20000);
    assert_false(l.answers);
    assert_int_equal(l.failures, 1);
    assert_int_equal(bus.resets, 2); /* at the start, and after the failure */
    run(&l, 5 * PCF8576_REFRESH_US);
    assert_in_range(bus.messages, 5, 7); /* tried once a second */
    bus.absent = false;
    run(&l, 2 * PCF8576_REFRESH_US);
    assert_true(l.answers);
    assert_int_equal(bus.ram[0], 0);
}

static void test_a_bus_that_hangs_stops_nothing(void **state)
{
    struct pcf8576 l;

    (void)state;
    start(&l);
    bus.hangs = true;
    run(&l, 3 * PCF8576_STEP_US);
    assert_int_equal(l.failures, 1);
    assert_int_equal(l.state, PCF8576_IDLE);
    bus.hangs = false;
    run(&l, 2 * PCF8576_REFRESH_US);
    assert_true(l.answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_memory_arrives),
        cmocka_unit_test(test_only_changes_are_sent_and_a_refresh),
        cmocka_unit_test(test_a_change_while_sending_is_sent_after),
        cmocka_unit_test(test_an_absent_part_is_noticed_and_found_again),
        cmocka_unit_test(test_a_bus_that_hangs_stops_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
