/* The core on the board's drivers, with an ADS131M06 and a FRAM behind the registers:
 * what the ADC gives is metered and read over Modbus, a failing supply saves, and the
 * next power-up finds it. The loop is that of main.c. */
#include "core/meter.h"
#include "hal_target/stm32f405/board.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

#include "ads131m06_fake.h"
#include "fram_fake.h"

static bool fake_read(uint32_t address, uint32_t *value)
{
    uint32_t kept = *mmio_word(address);

    if (address == RCC_CR)
        *value = kept | RCC_CR_HSERDY | RCC_CR_PLLRDY;
    else if (address == RCC_CFGR)
        *value = kept | (kept & 3) << 2;
    else
        return adc_read(address, value) || part_read(address, value);
    return true;
}

static bool fake_write(uint32_t address, uint32_t value)
{
    bool adc_took = adc_write(address, value);

    return part_write(address, value) || adc_took;
}

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    fprintf(stderr, "%s:%u\n", file, (unsigned)line);
    abort();
}

static struct meter meter;
static struct hal hal;

static void power_up(void)
{
    struct fault fault = { 0 };

    mmio_reset();
    memset(&adc, 0, sizeof adc);
    mmio_input(GPIOC, 5, true);
    board_start(&hal, &fault);
    mmio.clocks = 0;
    meter_start(&meter, &hal, model_find(hal.factory.name));
    assert_true(afe_watch(&hal.afe, 0));
}

/* 60 Hz, 42 sets a cycle: 240 V and half of the CT's rating on each phase, in phase. */
static void convert(uint32_t n)
{
    const double volt = 240 * sqrt(2) / 588.9 * 8388608;
    const double amp = 0.5 * sqrt(2) / 1.7 * 8388608;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        double angle = 2 * (double)PI * (n / 42.0 - ch % 3 / 3.0);
        adc.code[ch] = (int32_t)lrint((ch < 3 ? volt : amp) * sin(angle));
    }
}

static void turn(void)
{
    uint64_t now_us = clocks_now_us();

    meter_tick(&meter, now_us);
    meter_poll(&meter);
    meter_supply(&meter, board_run(&hal, now_us));
}

static void run(uint32_t sets)
{
    for (uint32_t n = 0; n < sets; n++) {
        convert(n);
        mmio_advance(CLOCKS_CORE_HZ / HAL_SAMPLE_RATE);
        adc.done = false;
        afe_ready_interrupt(&hal.afe, (uint32_t)clocks_now_us());
        const uint32_t piece = adc.done ? afe_frame_interrupt(&hal.afe) : 0;
        if (piece)
            meter_samples(&meter, (const int32_t(*)[BLOCK])hal.afe.x, piece);
        turn();
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

static void test_samples_become_registers_and_outlive_the_supply(void **state)
{
    (void)state;
    memset(&part, 0, sizeof part);
    memset(part.memory, 0xFF, sizeof part.memory);
    power_up();
    run(4 * HAL_SAMPLE_RATE);
    assert_int_equal(meter.seconds, 4);
    assert_int_equal(hal.afe.damaged, 0);
    assert_int_equal(read_register(28), 6000); /* Hz */
    assert_in_range(meter.second.v[0], 239990000, 240010000);
    assert_in_range(meter.second.i[2], 49990000, 50010000); /* of 100 A */
    assert_in_range(meter.second.p_total, 35990000000, 36010000000);
    uint64_t energy = meter.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT];
    assert_in_range(energy, 36000000 / 3600 * 3, 36000000 / 3600 * 4);
    mmio_input(GPIOC, 5, false);
    supply_interrupt(&hal.supply);
    uint32_t selections = part.selections;
    turn();
    assert_true(part.selections > selections); /* saved in this very turn */
    assert_false(mmio_pin(GPIOC, 10));         /* the backlight is off */
    power_up();
    assert_int_equal(meter.counters.power_ups, 2);
    /* All that was sampled, though metering lags by three blocks and a cycle. */
    assert_in_range(meter.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT], 39990, 40000);
    assert_true(meter.energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] > energy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_become_registers_and_outlive_the_supply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
