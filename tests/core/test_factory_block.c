/* The factory's block: each field is checked, each wrong bit is found, and what is not whole
 * has no serial number. */
#include "core/factory_block.h"
#include "tests/support/check.h"
#include <string.h>

static const struct factory_block good = { 1, 4100123, "s4100_fds" };

static void test_it_is_read_as_it_was_made(void **state)
{
    uint8_t bytes[FACTORY_BLOCK_SIZE];
    struct factory_block got;

    (void)state;
    factory_block_make(&good, bytes);
    assert_int_equal(factory_block_read(&got, bytes), FACTORY_BLOCK_WHOLE);
    assert_int_equal(got.revision, good.revision);
    assert_int_equal(got.serial, good.serial);
    assert_memory_equal(got.model, good.model, sizeof good.model);
}

static void test_any_wrong_bit_is_found(void **state)
{
    uint8_t bytes[FACTORY_BLOCK_SIZE];
    struct factory_block got;

    (void)state;
    for (int bit = 0; bit < 8 * FACTORY_BLOCK_SIZE; bit++) {
        factory_block_make(&good, bytes);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(factory_block_read(&got, bytes), FACTORY_BLOCK_DAMAGED);
        assert_true(got.serial == FACTORY_BLOCK_NO_SERIAL);
    }
}

static void test_erased_is_not_damaged(void **state)
{
    uint8_t bytes[FACTORY_BLOCK_SIZE];
    struct factory_block got;

    (void)state;
    memset(bytes, 0xFF, sizeof bytes);
    assert_int_equal(factory_block_read(&got, bytes), FACTORY_BLOCK_BLANK);
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(factory_block_read(&got, bytes), FACTORY_BLOCK_DAMAGED);
}

/* With a CRC that holds. */
static void test_each_field_is_checked(void **state)
{
    struct factory_block wrong[] = { good, good, good, good, good, good };
    uint8_t bytes[FACTORY_BLOCK_SIZE];
    struct factory_block got;

    (void)state;
    wrong[0].revision = 0;
    wrong[1].revision = FACTORY_BLOCK_REVISION + 1;
    wrong[2].serial = 0;
    wrong[3].serial = FACTORY_BLOCK_NO_SERIAL;
    strcpy(wrong[4].model, "s4200");
    memset(wrong[5].model, 'x', sizeof wrong[5].model); /* without an end */
    assert_true(factory_block_is_valid(&good));
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        assert_false(factory_block_is_valid(&wrong[k]));
        factory_block_make(&wrong[k], bytes);
        assert_int_equal(factory_block_read(&got, bytes), FACTORY_BLOCK_FOREIGN);
        assert_true(got.serial == FACTORY_BLOCK_NO_SERIAL);
        assert_int_equal(got.revision, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_read_as_it_was_made),
        cmocka_unit_test(test_any_wrong_bit_is_found),
        cmocka_unit_test(test_erased_is_not_damaged),
        cmocka_unit_test(test_each_field_is_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
