/* The factory state: by the pin at power-up, until the seal; what function 0x42 does in it,
 * refuses outside of it, and restores. */
#include "core/crc.h"
#include "core/factory.h"
#include "tests/support/bench.h"

static struct bench b;
static uint8_t answer[METER_PDU_MAX];

static int ask(const uint8_t *request, int length)
{
    return meter_request(&b.m, request, length, answer);
}

#define ASK(...)                                                                       \
    ask((const uint8_t[]){ 0x42, __VA_ARGS__ },                                        \
        (int)sizeof((const uint8_t[]){ 0x42, __VA_ARGS__ }))

static void expect_refused(int length, int exception)
{
    assert_int_equal(length, 2);
    assert_int_equal(answer[0], 0xC2);
    assert_int_equal(answer[1], exception);
}

static void power_up(bool pin)
{
    const struct hal_report report = { .faults = pin ? HAL_FACTORY_PIN : 0 };

    bench_power_up(&b);
    meter_board(&b.m, &report);
}

static void start(void)
{
    bench_start(&b, 40);
    power_up(true);
}

static int state_bits(void)
{
    assert_int_equal(ASK(FACTORY_IDENTIFY), 3 + 20 + 5);
    return answer[10];
}

static void test_the_state_is_the_pins_until_the_seal(void **state)
{
    (void)state;
    bench_start(&b, 40);
    power_up(false);
    for (uint8_t sub = 0x20; sub < 0x30; sub++)
        expect_refused(ASK(sub), 1);
    assert_int_equal(state_bits(), 0);
    power_up(true);
    assert_false(b.m.alerts & 0x80);
    assert_int_equal(state_bits(), FACTORY_PIN | FACTORY_OPEN);
    assert_int_equal(ASK(FACTORY_SEAL), 2);
    expect_refused(ASK(FACTORY_READ_CONSTANTS), 1);
    power_up(true); /* the seal outlives power */
    assert_int_equal(state_bits(), FACTORY_PIN | FACTORY_SEALED);
    expect_refused(ASK(FACTORY_SEAL), 1);
    power_up(false);
    expect_refused(ASK(FACTORY_BREAK_SEAL, 0, 0xBC, 0x61, 0x4E), 1);
    assert_int_equal(state_bits(), FACTORY_SEALED);
    power_up(true);
    expect_refused(ASK(FACTORY_BREAK_SEAL, 0, 0, 0, 1), 3); /* of another meter */
    assert_int_equal(ASK(FACTORY_BREAK_SEAL, 0, 0xBC, 0x61, 0x4E), 2); /* 12345678 */
    assert_int_equal(state_bits(), FACTORY_PIN | FACTORY_OPEN);
    assert_int_equal(answer[11] << 8 | answer[12], 1); /* broken once */
    expect_refused(ASK(FACTORY_BREAK_SEAL, 0, 0xBC, 0x61, 0x4E), 1);
}

/* Both copies rotted: nobody knows that it was not sealed. */
static void test_a_lost_seal_counts_as_sealed(void **state)
{
    (void)state;
    start();
    assert_int_equal(ASK(FACTORY_SEAL), 2);
    assert_int_equal(ASK(FACTORY_BREAK_SEAL, 0, 0xBC, 0x61, 0x4E), 2);
    b.board.nvm[0x388] ^= 0xFF;
    b.board.nvm[0x3C8] ^= 0xFF;
    power_up(true);
    assert_int_equal(state_bits(), FACTORY_PIN | FACTORY_SEALED);
    assert_true(b.m.alerts & 0x80);
    assert_int_equal(ASK(FACTORY_BREAK_SEAL, 0, 0xBC, 0x61, 0x4E), 2);
    power_up(true);
    assert_int_equal(state_bits(), FACTORY_PIN | FACTORY_OPEN);
    assert_false(b.m.alerts & 0x80);
}

static void put(uint8_t *at, int32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)((uint32_t)x >> 8 * (3 - k));
}

static int write_constant(int which, int32_t value)
{
    uint8_t request[2 + 4 * FACTORY_CONSTANTS] = { 0x42, FACTORY_WRITE_CONSTANTS };

    put(request + 2 + 4 * which, value);
    return ask(request, sizeof request);
}

static void test_constants_are_written_within_limits(void **state)
{
    static const struct {
        int which;
        int32_t least, most;
    } limits[] = { { 0, -100000, 100000 },  { 5, -100000, 100000 },
                   { 6, 0, INT32_MAX },     { 11, 0, INT32_MAX },
                   { 12, -100000, 100000 }, { 14, -100000, 100000 } };
    uint8_t bytes[4 * FACTORY_CONSTANTS] = { 0 };

    (void)state;
    start();
    for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
        assert_int_equal(write_constant(limits[k].which, limits[k].least), 2);
        assert_int_equal(answer[0], 0x42);
        assert_int_equal(write_constant(limits[k].which, limits[k].most), 2);
        assert_int_equal(answer[0], 0x42);
        expect_refused(write_constant(limits[k].which, limits[k].least - 1), 3);
        if (limits[k].most < INT32_MAX)
            expect_refused(write_constant(limits[k].which, limits[k].most + 1), 3);
    }
    put(bytes + 4 * 14, 100000);
    assert_int_equal(ASK(FACTORY_READ_CONSTANTS), 3 + (int)sizeof bytes);
    assert_memory_equal(answer + 3, bytes, sizeof bytes);
    state_bits();
    assert_int_equal(answer[13] << 8 | answer[14], 12);
    const uint8_t *crc = answer + 19;
    const uint32_t expected = crc_ieee(bytes, sizeof bytes);
    assert_true(expected == ((uint32_t)crc[0] << 24 | (uint32_t)crc[1] << 16 |
                             (uint32_t)crc[2] << 8 | crc[3]));
    b.board.refuses = true;
    expect_refused(write_constant(0, 1), 4);
    b.board.refuses = false;
    power_up(true);
    assert_int_equal(b.m.calibration.phase_urad[2], 100000);
    assert_int_equal(b.m.calibration.gain_ppm[0], 0);
    expect_refused(ASK(FACTORY_WRITE_CONSTANTS), 3); /* too short */
}

static int64_t wide(const uint8_t *at)
{
    uint64_t x = 0;

    for (int k = 0; k < 8; k++)
        x = x << 8 | at[k];
    return (int64_t)x;
}

/* 277 V: the mean square of the codes, whatever the constants say. */
static void test_means_are_raw(void **state)
{
    struct waves w;
    const double codes = 277.0 / 588.9 * 8388608;

    (void)state;
    start();
    waves_set_balanced(&w, 60, 277, 90, 0, 0);
    write_constant(0, 50000);
    bench_seconds(&b, &w, 3);
    assert_int_equal(ASK(FACTORY_READ_MEANS), 3 + 4 + 96 + 24);
    const double square = (double)wide(answer + 7) / 16384;
    assert_true(fabs(square / (codes * codes) - 1) < 1e-5);
    assert_true(answer[6] >= 2); /* seconds */
}

static void test_outputs_are_driven_and_put_back(void **state)
{
    const bool alarm = true;

    (void)state;
    start();
    b.m.outputs = 1 << HAL_ALARM_CONTACT | 1 << HAL_BACKLIGHT;
    ASK(FACTORY_DRIVE_OUTPUTS, 0x1F, 1 << HAL_LED_RED | 1 << HAL_ENERGY_CONTACT);
    for (int which = 0; which < HAL_OUTPUTS; which++)
        assert_int_equal(b.board.output[which],
                         which == HAL_LED_RED || which == HAL_ENERGY_CONTACT);
    ASK(FACTORY_DRIVE_OUTPUTS, 0, 0);
    for (int which = 0; which < HAL_OUTPUTS; which++)
        assert_int_equal(b.board.output[which],
                         which == HAL_ALARM_CONTACT || which == HAL_BACKLIGHT);
    ASK(FACTORY_DRIVE_OUTPUTS, 0x1F, 0);
    ASK(FACTORY_SEAL);
    assert_int_equal(b.board.output[HAL_ALARM_CONTACT], alarm);
}

static void test_segments_are_held_and_given_back(void **state)
{
    uint8_t request[2 + HAL_LCD_SIZE] = { 0x42, FACTORY_SHOW_SEGMENTS }, before[20];
    struct waves w;

    (void)state;
    start();
    waves_set_balanced(&w, 60, 277, 90, 0, 0);
    bench_seconds(&b, &w, 2);
    memcpy(before, b.board.lcd, sizeof before);
    memset(request + 2, 0xFF, HAL_LCD_SIZE);
    assert_int_equal(ask(request, sizeof request), 2);
    bench_seconds(&b, &w, 2);
    assert_memory_equal(b.board.lcd, request + 2, HAL_LCD_SIZE);
    assert_int_equal(ASK(FACTORY_SHOW_SEGMENTS), 2);
    b.board.lcd[0] = before[0]; /* the heart blinks */
    assert_memory_equal(b.board.lcd, before, sizeof before);
    expect_refused(ASK(FACTORY_SHOW_SEGMENTS, 1), 3);
}

static void test_keys_are_seen_between_two_looks(void **state)
{
    (void)state;
    start();
    ASK(FACTORY_READ_KEYS);
    meter_keys(&b.m, 4, 1000);
    meter_keys(&b.m, 0, 2000);
    assert_int_equal(ASK(FACTORY_READ_KEYS), 5);
    assert_int_equal(answer[3], 0);
    assert_int_equal(answer[4], 4);
    ASK(FACTORY_READ_KEYS);
    assert_int_equal(answer[4], 0);
}

static int test_memory(uint32_t one, uint32_t other)
{
    uint8_t request[10] = { 0x42, FACTORY_TEST_MEMORY };

    put(request + 2, (int32_t)one);
    put(request + 6, (int32_t)other);
    return ask(request, sizeof request);
}

static void test_memory_is_restored(void **state)
{
    uint8_t before[sizeof b.board.nvm];

    (void)state;
    start();
    for (size_t k = 0x1000; k < 0x1800; k++)
        b.board.nvm[k] = (uint8_t)(7 * k);
    memcpy(before, b.board.nvm, sizeof before);
    assert_int_equal(test_memory(0x1000, 0x1400), 4);
    assert_int_equal(answer[3], 0);
    assert_memory_equal(b.board.nvm, before, sizeof before);
    expect_refused(test_memory(0x1000, 0x1000), 3);
    expect_refused(test_memory(0x1001, 0x1400), 3);
    expect_refused(test_memory(0x1000, HAL_NVM_SIZE), 3);
    b.board.refuses = true;
    test_memory(0x1000, 0x1400);
    assert_int_equal(answer[3], FACTORY_MEMORY_SILENT);
    b.board.refuses = false;
    b.board.dies = true; /* it accepts bytes and loses them */
    test_memory(0x1000, 0x1400);
    assert_int_equal(answer[3], FACTORY_MEMORY_DIFFERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_state_is_the_pins_until_the_seal),
        cmocka_unit_test(test_a_lost_seal_counts_as_sealed),
        cmocka_unit_test(test_constants_are_written_within_limits),
        cmocka_unit_test(test_means_are_raw),
        cmocka_unit_test(test_outputs_are_driven_and_put_back),
        cmocka_unit_test(test_segments_are_held_and_given_back),
        cmocka_unit_test(test_keys_are_seen_between_two_looks),
        cmocka_unit_test(test_memory_is_restored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
