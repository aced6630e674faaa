/* The FRAM's driver against a part at the level of SPI2's registers. */
#include "hal_target/stm32f405/fram.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

#include "fram_fake.h"

static bool fake_read(uint32_t address, uint32_t *value)
{
    return part_read(address, value);
}

static bool fake_write(uint32_t address, uint32_t value)
{
    return part_write(address, value);
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
