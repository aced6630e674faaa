/* The core on the board's drivers and chips: what the ADC gives is metered and read over
 * Modbus, a failing supply saves, and the next power-up finds it. The loop is that of
 * main.c. */
#include "chips.h"
#include "core/meter.h"
#include "hal_target/stm32f405/board.h"

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    fprintf(stderr, "%s:%u\n", file, (unsigned)line);
    abort();
}

static struct meter meter;
static struct hal hal;

static void on_ready(void)
{
    afe_ready_interrupt(&hal.afe, (uint32_t)clocks_now_us());
}

static void on_frame(void)
{
    const uint32_t sets = afe_frame_interrupt(&hal.afe);

    if (sets)
        meter_samples(&meter, (const int32_t(*)[BLOCK])hal.afe.x, sets);
}

static void on_supply(void)
{
    supply_interrupt(&hal.supply);
}

/* 60 Hz, 42 sets a cycle: 240 V and half of the CT's rating on each phase, in phase. */
static void convert(int64_t n, int32_t code[ADS131M06_CHANNELS])
{
    const double volt = 240 * sqrt(2) / 588.9 * 8388608;
    const double amp = 0.5 * sqrt(2) / 1.7 * 8388608;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        double angle = 2 * (double)PI * ((double)(n % 42) / 42 - ch % 3 / 3.0);
        code[ch] = (int32_t)lrint((ch < 3 ? volt : amp) * sin(angle));
    }
}

static void begin(void)
{
    struct fault fault = { 0 };

    board_start(&hal, &fault);
    meter_start(&meter, &hal, hal.model);
    chips_interrupt(IRQ_EXTI0, 0x40, on_ready);
    chips_interrupt(IRQ_DMA2_STREAM0, 0x40, on_frame);
    chips_interrupt(IRQ_EXTI9_5, 0xC0, on_supply);
}

static void turn(void)
{
    struct hal_report report;
    uint64_t now_us = clocks_now_us();

    meter_tick(&meter, now_us);
    meter_poll(&meter);
    meter_supply(&meter, board_run(&hal, now_us));
    if (board_report(&hal, now_us, &report))
        meter_board(&meter, &report);
}

static void run_ms(int ms)
{
    for (int k = 0; k < ms; k++) {
        turn();
        chips_pass_us(1000);
    }
}

static unsigned read_register(unsigned reg)
{
    const uint8_t request[] = { 3, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1), 0,
                                1 };
    uint8_t answer[METER_PDU_MAX];

    assert_int_equal(meter_request(&meter, request, sizeof request, answer), 4);
    return (unsigned)(answer[2] << 8 | answer[3]);
}

static uint64_t imported_mwh(void)
{
    return meter.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT];
}

static void make_board(void)
{
    chips_start();
    factory_block_make(&(struct factory_block){ 1, 4100123, "s4100" },
                       chips.flash + CHIPS_FACTORY);
    chips.convert = convert;
}

static void start(void)
{
    make_board();
    begin();
}

static void test_samples_become_registers_and_outlive_the_supply(void **state)
{
    (void)state;
    start();
    run_ms(4100);
    assert_int_equal(meter.seconds, 4);
    assert_int_equal(hal.afe.damaged + hal.afe.late, 0);
    assert_int_equal(read_register(28), 6000); /* Hz */
    assert_int_equal(read_register(146), 0);
    assert_in_range(meter.second.v[0], 239990000, 240010000);
    assert_in_range(meter.second.i[2], 49990000, 50010000); /* of 100 A */
    assert_in_range(meter.second.p_total, 35990000000, 36010000000);
    assert_int_equal(hal.faults & ~HAL_FAULT_BATTERY, HAL_FAULT_CLOCK * !hal.rtc.runs);
    const uint64_t metered = imported_mwh(), conversions = (uint64_t)chips.conversions;
    meter_board_power_good(&chips.board, false);
    turn();
    assert_false(chips.output[METER_BOARD_BACKLIGHT]);
    assert_int_equal(hal.supply.failures, 1);
    chips_power_up();
    begin();
    assert_int_equal(meter.counters.power_ups, 2);
    /* All that was sampled, though metering lags by three blocks and a cycle: at most
     * 20 ms are missing. */
    assert_in_range(imported_mwh(), (conversions - 50) * 10000 / HAL_SAMPLE_RATE,
                    conversions * 10000 / HAL_SAMPLE_RATE);
    assert_true(imported_mwh() > metered);
}

/* The front end dies: nothing old is read, and bit 7 says so; it comes back by itself. */
static void test_a_front_end_that_dies_and_comes_back(void **state)
{
    (void)state;
    start();
    run_ms(3000);
    ads131m06_silence(&chips.board.afe, true, chips.soc.now_ns);
    run_ms(1100);
    assert_int_equal(read_register(28), 0x8000);
    assert_int_equal(read_register(146), 1 << 6 | 1 << 7);
    ads131m06_silence(&chips.board.afe, false, chips.soc.now_ns);
    run_ms(5000);
    assert_int_equal(read_register(28), 6000);
    assert_int_equal(read_register(146), 0);
}

/* A crystal that swings only after five seconds: no energy until then, and it is told. */
static void test_a_crystal_that_is_late(void **state)
{
    (void)state;
    make_board();
    chips.soc.rcc.crystal.startup_ns = 5000000000;
    begin();
    run_ms(4000);
    assert_int_equal(hal.clock, CLOCKS_INTERNAL);
    assert_int_equal(read_register(146), 1 << 6 | 1 << 7);
    assert_int_equal(meter.board.faults & HAL_FAULT_CRYSTAL, HAL_FAULT_CRYSTAL);
    run_ms(4000);
    assert_int_equal(hal.clock, CLOCKS_CRYSTAL);
    assert_int_equal(read_register(28), 6000);
    assert_int_equal(read_register(146), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_become_registers_and_outlive_the_supply),
        cmocka_unit_test(test_a_front_end_that_dies_and_comes_back),
        cmocka_unit_test(test_a_crystal_that_is_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
