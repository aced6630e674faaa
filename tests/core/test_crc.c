/* CRC-32 against its published check value and against the polynomial, bit by bit. */
#include "core/crc.h"
#include "tests/support/check.h"

static uint32_t bitwise(const uint8_t *data, uint32_t size)
{
    uint32_t crc = UINT32_MAX;

    for (uint32_t n = 0; n < size; n++) {
        crc ^= data[n];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
    }
    return ~crc;
}

static void check_value(void **state)
{
    (void)state;
    assert_int_equal(crc_ieee("123456789", 9), 0xCBF43926);
    assert_int_equal(crc_ieee("", 0), 0);
}

static void random_data(void **state)
{
    struct random dice = { 3 };
    uint8_t data[600];

    (void)state;
    for (int round = 0; round < 500; round++) {
        uint32_t size = random_range(&dice, 0, sizeof data);
        for (uint32_t n = 0; n < size; n++)
            data[n] = (uint8_t)random_bits(&dice);
        assert_int_equal(crc_ieee(data, size), bitwise(data, size));
        const uint32_t part = random_range(&dice, 0, size);
        assert_int_equal(crc_ieee_more(crc_ieee(data, part), data + part, size - part),
                         bitwise(data, size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_value),
        cmocka_unit_test(random_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
