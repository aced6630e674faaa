/* The LCD controller's chip: commands, the data pointer, and what it does not receive. */
#include "hal_sim/chips/pcf8576.h"
#include "tests/support/check.h"

static struct pcf8576 p;
static uint8_t glass[PCF8576_RAM];

static void shows(void *user, const uint8_t ram[PCF8576_RAM])
{
    (void)user;
    memcpy(glass, ram, sizeof glass);
}

static void start(void)
{
    memset(&p, 0, sizeof p);
    memset(glass, 0xAA, sizeof glass);
    p.wires.shows = shows;
    pcf8576_power(&p, true, 0);
}

static bool send(const uint8_t *bytes, int size, int64_t now_ns)
{
    bool heard = pcf8576_address(&p, 0x38, 100000, now_ns);

    for (int k = 0; k < size; k++)
        heard = heard && pcf8576_byte(&p, bytes[k], now_ns);
    pcf8576_stop(&p, now_ns);
    return heard;
}

static void test_commands_then_data(void **state)
{
    uint8_t message[5 + PCF8576_RAM] = { 0xC8, 0xE0, 0xF8, 0xF0, 0x00 };

    (void)state;
    start();
    assert_int_equal(glass[0], 0); /* dark until it is switched on */
    for (int k = 0; k < PCF8576_RAM; k++)
        message[5 + k] = (uint8_t)(k + 1);
    assert_true(send(message, sizeof message, 2000000));
    assert_memory_equal(glass, message + 5, sizeof glass);
    assert_true(send((const uint8_t[]){ 36, 0x77, 0x78, 0x79 }, 4, 3000000));
    assert_int_equal(glass[18] << 16 | glass[19] << 8 | glass[0], 0x777879);
    assert_int_equal(glass[1], 2);
    assert_true(send((const uint8_t[]){ 0x40 }, 1, 4000000)); /* off */
    assert_int_equal(glass[18], 0);
    assert_true(send((const uint8_t[]){ 0x4A }, 1, 4000000)); /* on, but 1:2 */
    assert_int_equal(glass[18], 0);
    assert_true(send((const uint8_t[]){ 0xC8, 0xE1, 0, 0xFF }, 4, 4000000));
    assert_int_equal(glass[0], 0x79); /* another device was selected */
}

static void test_what_it_does_not_receive(void **state)
{
    (void)state;
    start();
    assert_false(send((const uint8_t[]){ 0x48 }, 1, 999999));
    assert_false(pcf8576_address(&p, 0x39, 100000, 2000000));
    assert_false(pcf8576_address(&p, 0x38, 400000, 2000000));
    assert_false(pcf8576_byte(&p, 0, 2000000));
    p.absent = true;
    assert_false(send((const uint8_t[]){ 0x48 }, 1, 2000000));
    assert_int_equal(p.too_soon, 1);
    assert_int_equal(p.too_fast, 1);
    p.absent = false;
    assert_true(send((const uint8_t[]){ 0x48 }, 1, 2000000));
    pcf8576_power(&p, false, 0);
    assert_false(send((const uint8_t[]){ 0x48 }, 1, 9000000));
    assert_int_equal(glass[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_then_data),
        cmocka_unit_test(test_what_it_does_not_receive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
