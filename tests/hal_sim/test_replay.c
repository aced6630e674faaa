/* Records that no meter makes are refused, with a reason, before they reach the meter:
 * above all times, which it would have to follow deadline by deadline. */
#include "core/meter.h"
#include "hal_sim/replay.h"
#include "hal_sim/tape.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct replay replay;
static struct tape_record record;

static void put(uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        record.data[record.size++] = (uint8_t)(value >> 8 * i);
}

static void begin(uint8_t kind)
{
    record.kind = kind;
    record.size = 0;
}

/* Takes what the meter put out as read: this tape shows no outputs. */
static enum replay_result feed(void)
{
    enum replay_result result = replay_record(&replay, &record);

    replay.taken = replay.queued;
    return result;
}

static enum replay_result turn(uint64_t at_us)
{
    begin(TAPE_PASS);
    put(at_us, 8);
    return feed();
}

static enum replay_result keys(unsigned down, uint64_t at_us)
{
    begin(TAPE_KEYS);
    put(down, 1);
    put(at_us, 8);
    return feed();
}

static enum replay_result uart_byte(uint64_t at_us)
{
    begin(TAPE_UART_BYTE);
    put(0x55, 2);
    put(at_us, 8);
    return feed();
}

static int power_up(void **state)
{
    (void)state;
    replay_start(&replay);
    begin(TAPE_POWER_UP);
    put(1234567, 4);
    memcpy(record.data + record.size, "s4100", 5);
    record.size += 5;
    assert_int_equal(feed(), REPLAY_SAME);
    return 0;
}

static int power_down(void **state)
{
    (void)state;
    replay_free(&replay);
    return 0;
}

static void time_goes_on_in_steps_that_a_meter_makes(void **state)
{
    (void)state;
    assert_int_equal(turn(1), REPLAY_SAME);
    assert_int_equal(turn(1 + (uint64_t)TAPE_GAP_US), REPLAY_SAME);
    assert_int_equal(keys(1, 1 + 2 * (uint64_t)TAPE_GAP_US), REPLAY_SAME);
    assert_int_equal(uart_byte(1 + 3 * (uint64_t)TAPE_GAP_US), REPLAY_SAME);
}

/* With a deadline every half a second, to follow these would take years. */
static void a_leap_is_refused(void **state)
{
    (void)state;
    assert_int_equal(turn(5), REPLAY_SAME);
    assert_int_equal(turn(6 + (uint64_t)TAPE_GAP_US), REPLAY_INVALID);
    assert_string_equal(replay.text, "a pass of the main loop that cannot be");
    assert_int_equal(turn(UINT64_MAX), REPLAY_INVALID);
    assert_int_equal(keys(1, INT64_MAX), REPLAY_INVALID);
    assert_string_equal(replay.text, "keys that cannot be");
    assert_int_equal(uart_byte(6 + (uint64_t)TAPE_GAP_US), REPLAY_INVALID);
    assert_string_equal(replay.text, "a byte from RS-485 that cannot be");
}

static void time_that_runs_back_is_refused(void **state)
{
    (void)state;
    assert_int_equal(turn(1000), REPLAY_SAME);
    assert_int_equal(turn(999), REPLAY_INVALID);
    assert_int_equal(keys(0, 999), REPLAY_INVALID);
    assert_int_equal(uart_byte(999), REPLAY_INVALID);
}

static void keys_that_the_meter_has_not_are_refused(void **state)
{
    (void)state;
    assert_int_equal(keys(16, 1000), REPLAY_INVALID);
}

static enum replay_result with(uint8_t kind, const uint64_t *number, size_t rest)
{
    static const uint8_t zero[TAPE_DATA_MAX];

    tape_make(&record, (enum tape_kind)kind, number, zero, rest);
    return feed();
}

static void options_have_a_range(void **state)
{
    (void)state;
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(1, 1), 0), REPLAY_SAME);
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(2, 0xFFFF), 0), REPLAY_SAME);
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(1, 2), 0), REPLAY_INVALID);
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(0, 0), 0), REPLAY_INVALID);
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(3, 1), 0), REPLAY_SAME);
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(3, 2), 0), REPLAY_INVALID);
    assert_int_equal(with(TAPE_OPTION, TAPE_NUMBERS(4, 0), 0), REPLAY_INVALID);
    assert_string_equal(replay.text, "an unknown option");
}

static void words_have_24_bits(void **state)
{
    int32_t x[TAPE_CHANNELS] = { -HAL_CODES, HAL_CODES - 1 };

    (void)state;
    tape_make_samples(&record, x, 1, 1);
    assert_int_equal(feed(), REPLAY_SAME);
    x[5] = HAL_CODES;
    tape_make_samples(&record, x, 1, 1);
    assert_int_equal(feed(), REPLAY_INVALID);
    x[5] = -HAL_CODES - 1;
    tape_make_samples(&record, x, 1, 1);
    assert_int_equal(feed(), REPLAY_INVALID);
    assert_string_equal(replay.text, "a sample of more than 24 bits");
}

static void sizes_are_those_of_the_kind(void **state)
{
    (void)state;
    assert_int_equal(with(TAPE_SAMPLES, NULL, 25), REPLAY_INVALID);
    assert_int_equal(with(TAPE_SAMPLES, NULL, 43 * 24), REPLAY_INVALID);
    assert_int_equal(with(TAPE_REQUEST, NULL, 0), REPLAY_INVALID);
    assert_int_equal(with(TAPE_REQUEST, NULL, 254), REPLAY_INVALID);
    assert_int_equal(with(TAPE_NVM_FAULT, TAPE_NUMBERS(2, 8 * HAL_NVM_SIZE), 0),
                     REPLAY_INVALID);
    assert_int_equal(with(TAPE_NVM_FAULT, TAPE_NUMBERS(4, 0), 0), REPLAY_INVALID);
    assert_int_equal(with(TAPE_NVM_PAGE, TAPE_NUMBERS(0), TAPE_PAGE), REPLAY_INVALID);
    assert_string_equal(replay.text, "NVM content while the meter has power");
}

static void without_power_only_memory_is_fed(void **state)
{
    (void)state;
    assert_int_equal(with(TAPE_POWER_DOWN, NULL, 0), REPLAY_SAME);
    assert_int_equal(with(TAPE_NVM_FAULT, TAPE_NUMBERS(2, 0), 0), REPLAY_SAME);
    assert_int_equal(with(TAPE_NVM_PAGE, TAPE_NUMBERS(TAPE_PAGE), TAPE_PAGE),
                     REPLAY_SAME);
    assert_int_equal(with(TAPE_NVM_PAGE, TAPE_NUMBERS(100), TAPE_PAGE), REPLAY_INVALID);
    assert_int_equal(turn(1), REPLAY_INVALID);
    assert_string_equal(replay.text, "an input without power");
    assert_int_equal(with(TAPE_POWER_DOWN, NULL, 0), REPLAY_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(time_goes_on_in_steps_that_a_meter_makes,
                                        power_up, power_down),
        cmocka_unit_test_setup_teardown(a_leap_is_refused, power_up, power_down),
        cmocka_unit_test_setup_teardown(time_that_runs_back_is_refused, power_up,
                                        power_down),
        cmocka_unit_test_setup_teardown(options_have_a_range, power_up, power_down),
        cmocka_unit_test_setup_teardown(words_have_24_bits, power_up, power_down),
        cmocka_unit_test_setup_teardown(sizes_are_those_of_the_kind, power_up,
                                        power_down),
        cmocka_unit_test_setup_teardown(without_power_only_memory_is_fed, power_up,
                                        power_down),
        cmocka_unit_test_setup_teardown(keys_that_the_meter_has_not_are_refused,
                                        power_up, power_down)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
