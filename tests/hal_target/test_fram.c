/* The FRAM's driver against a part at the level of SPI2's registers: opcodes, addresses
 * of 18 bits, the write enable latch, and every way in which a part can be absent. */
#include "core/hal.h"
#include "hal_target/stm32f405/fram.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

static struct part {
    uint8_t memory[HAL_NVM_SIZE];
    bool absent, low, stuck; /* MISO pulled up, or low; the peripheral never ends */
    bool protects;           /* takes WREN, does not write */
    bool selected, latch, wrote;
    uint32_t count, at; /* bytes since selected; address */
    uint8_t opcode, out;
    uint32_t selections;
} part;

static uint8_t part_exchange(uint8_t in)
{
    uint32_t n = part.count++;

    if (n == 0) {
        part.opcode = in;
        part.at = 0;
        if (in == 0x06)
            part.latch = true;
        if (in == 0x04)
            part.latch = false;
        return 0xFF;
    }
    if (part.opcode == 0x05)
        return (uint8_t)(0x40 | (part.latch ? 0x02 : 0));
    if (part.opcode != 0x02 && part.opcode != 0x03)
        return 0xFF;
    if (n <= 3) {
        part.at = (part.at << 8 | in) & 0x3FFFF;
        return 0xFF;
    }
    uint32_t at = part.at++ % HAL_NVM_SIZE;
    if (part.opcode == 0x03)
        return part.memory[at];
    if (part.latch && !part.protects) {
        part.memory[at] = in;
        part.wrote = true;
    }
    return 0xFF;
}

static void part_select(bool selected)
{
    if (selected && !part.selected) {
        part.count = 0;
        part.selections++;
    }
    if (!selected && part.selected && part.wrote)
        part.latch = part.wrote = false;
    part.selected = selected;
}

static bool fake_read(uint32_t address, uint32_t *value)
{
    if (address == SPI2 + SPI_SR)
        *value = part.stuck ? 0 : SPI_SR_RXNE | SPI_SR_TXE;
    else if (address == SPI2 + SPI_DR)
        *value = part.absent ? (part.low ? 0 : 0xFF) : part.out;
    else
        return false;
    return true;
}

static bool fake_write(uint32_t address, uint32_t value)
{
    if (address == GPIOB + GPIO_BSRR)
        part_select(!mmio_pin(GPIOB, 12));
    if (address == SPI2 + SPI_DR && part.selected)
        part.out = part_exchange((uint8_t)value);
    return false;
}

static void start(void)
{
    mmio_reset();
    memset(&part, 0, sizeof part);
    memset(part.memory, 0xFF, sizeof part.memory);
    fram_start();
}

static void test_writes_are_read_back(void **state)
{
    static const uint32_t addresses[] = { 0, 0xFFFE, 0x1FFFD, HAL_NVM_SIZE - 7 };
    const char text[] = "energy";
    char back[sizeof text];

    (void)state;
    start();
    for (unsigned k = 0; k < 4; k++) {
        assert_int_equal(fram_write(addresses[k], text, sizeof text), 0);
        assert_memory_equal(part.memory + addresses[k], text, sizeof text);
        memset(back, 0, sizeof back);
        assert_int_equal(fram_read(addresses[k], back, sizeof back), 0);
        assert_memory_equal(back, text, sizeof text);
    }
    assert_false(part.latch);
    assert_false(part.selected);
    assert_int_equal(*mmio_word(SPI2 + SPI_CR1) & 3, 0); /* mode 0 */
}

static void test_outside_is_refused_untouched(void **state)
{
    uint8_t byte = 1;

    (void)state;
    start();
    assert_int_equal(fram_write(HAL_NVM_SIZE, &byte, 1), -1);
    assert_int_equal(fram_write(HAL_NVM_SIZE - 1, "ab", 2), -1);
    assert_int_equal(fram_read(UINT32_MAX, &byte, 1), -1);
    assert_int_equal(part.selections, 0);
}

static void test_absent_parts_are_noticed(void **state)
{
    uint8_t byte = 1;

    (void)state;
    for (int low = 0; low < 2; low++) {
        start();
        part.absent = true;
        part.low = low;
        assert_int_equal(fram_read(0, &byte, 1), -1);
        assert_int_equal(fram_write(0, &byte, 1), -1);
    }
    start();
    part.stuck = true;
    assert_int_equal(fram_read(0, &byte, 1), -1);
    assert_int_equal(fram_write(0, &byte, 1), -1);
}

static void test_a_write_that_did_not_happen_is_noticed(void **state)
{
    uint8_t byte = 1;

    (void)state;
    start();
    part.protects = true;
    assert_int_equal(fram_write(0, &byte, 1), -1);
    assert_int_equal(part.memory[0], 0xFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_are_read_back),
        cmocka_unit_test(test_outside_is_refused_untouched),
        cmocka_unit_test(test_absent_parts_are_noticed),
        cmocka_unit_test(test_a_write_that_did_not_happen_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
