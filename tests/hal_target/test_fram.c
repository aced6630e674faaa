/* The FRAM's driver against the chip behind SPI2. */
#include "chips.h"
#include "core/hal.h"
#include "hal_target/stm32f405/fram.h"

static void start(void)
{
    chips_start();
    clocks_start();
    pins_start();
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
        assert_memory_equal(chips.fram + addresses[k], text, sizeof text);
        memset(back, 0, sizeof back);
        assert_int_equal(fram_read(addresses[k], back, sizeof back), 0);
        assert_memory_equal(back, text, sizeof text);
    }
    assert_false(chips.board.fram.latch);
    assert_false(chips.board.fram.selected);
    assert_int_equal(chips.board.fram.too_fast, 0);
}

static void test_outside_is_refused_untouched(void **state)
{
    uint8_t byte = 1;

    (void)state;
    start();
    uint64_t writes = chips.soc.writes;
    assert_int_equal(fram_write(HAL_NVM_SIZE, &byte, 1), -1);
    assert_int_equal(fram_write(HAL_NVM_SIZE - 1, "ab", 2), -1);
    assert_int_equal(fram_read(UINT32_MAX, &byte, 1), -1);
    assert_true(chips.soc.writes == writes);
}

static void test_absent_parts_are_noticed(void **state)
{
    uint8_t byte = 1;

    (void)state;
    start();
    chips.board.fram.silent = true;
    assert_int_equal(fram_read(0, &byte, 1), -1);
    assert_int_equal(fram_write(0, &byte, 1), -1);
    chips.board.fram.silent = false;
    assert_int_equal(fram_read(0, &byte, 1), 0);
    mmio_clear(RCC_APB1ENR, RCC_APB1ENR_SPI2); /* the peripheral stands still */
    assert_int_equal(fram_read(0, &byte, 1), -1);
    assert_int_equal(fram_write(0, &byte, 1), -1);
}

/* The chip takes a write to a protected block as if it were done. */
static void test_protection_is_undone_or_noticed(void **state)
{
    uint8_t byte = 1;

    (void)state;
    start();
    fm25v20a_write_protect(&chips.board.fram, true);
    assert_int_equal(fram_write(0, &byte, 1), 0);
    assert_int_equal(chips.fram[0], 1);
    assert_int_equal(chips.board.fram.protect, 0);
    chips.board.fram.protect = 0x8C;
    chips.board.fram.wp_low = true; /* not by software */
    byte = 2;
    assert_int_equal(fram_write(0, &byte, 1), -1);
    assert_int_equal(chips.fram[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_are_read_back),
        cmocka_unit_test(test_outside_is_refused_untouched),
        cmocka_unit_test(test_absent_parts_are_noticed),
        cmocka_unit_test(test_protection_is_undone_or_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
