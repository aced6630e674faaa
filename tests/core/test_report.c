/* The board's report: a part with a fault sets bit 7 of register 146 for as long as it has
 * one, and function 0x42 reads all of it out. */
#include "tests/support/bench.h"

static struct bench b;

enum { FAULT = 1 << 7 };

static void test_a_fault_stands_while_it_lasts(void **state)
{
    struct hal_report report = { .faults = HAL_FAULT_DISPLAY };
    struct waves w;

    (void)state;
    bench_start(&b, 40);
    waves_set_balanced(&w, 60, 277, 90, 0, 0);
    bench_seconds(&b, &w, 2);
    assert_int_equal(bench_read(&b, 146) & FAULT, 0);
    meter_board(&b.m, &report);
    assert_int_equal(bench_read(&b, 146) & FAULT, FAULT); /* at once … */
    bench_seconds(&b, &w, 2);
    assert_int_equal(bench_read(&b, 146) & FAULT, FAULT); /* … and over seconds */
    report.faults = HAL_FAULT_BATTERY;
    meter_board(&b.m, &report);
    assert_int_equal(bench_read(&b, 146) & FAULT, 0); /* the battery is no alarm */
    bench_seconds(&b, &w, 1);
    assert_int_equal(bench_read(&b, 146) & FAULT, 0);
}

static uint32_t word(const uint8_t *answer, int k)
{
    const uint8_t *at = answer + 3 + 4 * k;

    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void test_it_is_read_by_0x42(void **state)
{
    struct hal_report report = { .faults = HAL_FAULT_DISPLAY };
    uint8_t answer[METER_PDU_MAX];

    (void)state;
    bench_start(&b, 40);
    for (int k = 0; k < HAL_COUNTERS; k++)
        report.counter[k] = 0x01020304u * (unsigned)(k + 1);
    meter_board(&b.m, &report);
    report.faults = HAL_FAULT_CRYSTAL;
    meter_board(&b.m, &report);
    assert_int_equal(meter_request(&b.m, (const uint8_t[]){ 0x42, 1 }, 2, answer),
                     3 + 4 * (6 + HAL_COUNTERS));
    assert_int_equal(answer[2], 4 * (6 + HAL_COUNTERS));
    assert_int_equal(word(answer, 4), HAL_FAULT_CRYSTAL);
    assert_int_equal(word(answer, 5), HAL_FAULT_CRYSTAL | HAL_FAULT_DISPLAY);
    for (int k = 0; k < HAL_COUNTERS; k++)
        assert_int_equal(word(answer, 6 + k), report.counter[k]);
    bench_power_up(&b); /* it speaks of one power-up */
    meter_request(&b.m, (const uint8_t[]){ 0x42, 1 }, 2, answer);
    assert_int_equal(word(answer, 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fault_stands_while_it_lasts),
        cmocka_unit_test(test_it_is_read_by_0x42),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
