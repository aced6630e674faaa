/* The front end's driver against an ADS131M06 at the level of SPI1, DMA2 and pins:
 * frames of 24-bit words with CRC, registers, the answer that comes a frame later, and
 * damage, silence and a lost configuration. */
#include "hal_target/stm32f405/afe_ads131m06.h"
#include "mmio_fake.h"

#include "ads131m06_fake.h"

static bool fake_read(uint32_t address, uint32_t *value)
{
    return adc_read(address, value);
}

static bool fake_write(uint32_t address, uint32_t value)
{
    return adc_write(address, value);
}

/* One sample period: DRDY falls, the frame moves; true when a piece is complete. */
static bool period(struct afe *a)
{
    mmio_advance(CLOCKS_CORE_HZ / HAL_SAMPLE_RATE);
    if (!(*mmio_word(EXTI_IMR) & 1))
        return false;
    adc.done = false;
    afe_ready_interrupt(a);
    return adc.done && afe_frame_interrupt(a);
}

static void start(struct afe *a, bool absent)
{
    mmio_reset();
    memset(&adc, 0, sizeof adc);
    memset(a, 0, sizeof *a);
    adc.absent = absent;
    clocks_start();
    mmio.clocks = 0;
    mmio_write(GPIOA + GPIO_BSRR, 1 << 4);
    mmio_write(GPIOC + GPIO_BSRR, 1 << 4);
    assert_true(afe_start(a) == !absent);
}

static void test_the_part_is_set_up(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    assert_int_equal(adc.hardware_resets, 1);
    assert_int_equal(adc.reg[2], 0x1110); /* CRC on input, 24 bits, RESET cleared */
    assert_int_equal(adc.reg[3], 0x3F8E); /* six channels, CLKIN, OSR 1024, HR */
    assert_int_equal(adc.reg[4], 0x2000); /* gains 1 1 1 4 */
    assert_int_equal(adc.reg[5], 0x0022); /* 4 4 */
    assert_int_equal(adc.bad_crc, 0);
    assert_int_equal(*mmio_word(SPI1 + SPI_CR1) & 3, 1); /* mode 1 */
    /* CLKIN: 154.8288 MHz / 30 / 2 / 1024 = 2520. */
    uint32_t period = *mmio_word(TIM1_ARR) + 1;
    assert_int_equal(CLOCKS_CORE_HZ % (period * 2048), 0);
    assert_int_equal(CLOCKS_CORE_HZ / (period * 2048), HAL_SAMPLE_RATE);
    assert_int_equal(*mmio_word(TIM1_CCR1) * 2, period);
}

static void test_codes_arrive_in_pieces(void **state)
{
    struct afe a;
    int pieces = 0;

    (void)state;
    start(&a, false);
    for (int n = 0; n < 5 * AFE_PIECE; n++) {
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            adc.code[ch] = (ch % 2 ? -1 : 1) * (8388607 - 1000 * n - ch);
        if (!period(&a))
            continue;
        pieces++;
        for (int k = 0; k < AFE_PIECE; k++)
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                assert_int_equal(a.x[ch][k],
                                 (ch % 2 ? -1 : 1) *
                                     (8388607 - 1000 * (n - AFE_PIECE + 1 + k) - ch));
    }
    assert_int_equal(pieces, 5);
    assert_int_equal(adc.bad_crc, 0);
    assert_int_equal(a.damaged, 0);
    assert_true(afe_watch(&a, clocks_now_us()));
}

static void test_extreme_codes(void **state)
{
    static const int32_t codes[HAL_CHANNELS] = {
        -8388608, 8388607, -1, 0, 1, -4194304
    };
    struct afe a;

    (void)state;
    start(&a, false);
    memcpy(adc.code, codes, sizeof codes);
    period(&a);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        assert_int_equal(a.x[ch][0], codes[ch]);
}

static void test_a_damaged_frame_repeats_the_set_before(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    for (int n = 0; n < AFE_PIECE; n++) {
        adc.code[0] = 100 + n;
        adc.flips = n == 3;
        assert_true(period(&a) == (n == AFE_PIECE - 1));
    }
    assert_int_equal(a.damaged, 1);
    assert_int_equal(a.x[0][2], 102);
    assert_int_equal(a.x[0][3], 102); /* counted, not lost */
    assert_int_equal(a.x[0][4], 104);
    assert_true(afe_watch(&a, clocks_now_us()));
}

static void test_frames_that_stay_bad_start_it_anew(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    mmio_advance_us(2000000);
    a.moved_us = clocks_now_us();
    for (int n = 0; n < AFE_BAD_MAX; n++) {
        adc.flips = true;
        period(&a);
    }
    assert_true(afe_watch(&a, clocks_now_us()));
    assert_int_equal(adc.hardware_resets, 2);
    assert_true(a.running);
    period(&a);
    assert_true(afe_watch(&a, clocks_now_us()));
    assert_int_equal(a.starts, 2);
}

static void test_silence_and_absence(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    mmio_advance_us(2000000);
    period(&a);
    assert_true(afe_watch(&a, clocks_now_us()));
    adc.absent = true;
    mmio_advance_us(AFE_SILENCE_US);
    assert_false(afe_watch(&a, clocks_now_us()));
    assert_int_equal(a.starts, 2);
    assert_false(afe_watch(&a, clocks_now_us())); /* not at once again */
    assert_int_equal(a.starts, 2);
    adc.absent = false;
    mmio_advance_us(AFE_RETRY_US);
    assert_true(afe_watch(&a, clocks_now_us()));
    start(&a, true);
    assert_false(a.running);
    assert_int_equal(*mmio_word(EXTI_IMR) & 1, 0);
}

static void test_a_part_that_was_reset_is_set_up_again(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    mmio_advance_us(2000000);
    adc_reset();
    adc.answer = 0x0500; /* the status with RESET */
    period(&a);
    assert_true(a.lost_registers);
    assert_true(afe_watch(&a, clocks_now_us()));
    assert_int_equal(adc.reg[3], 0x3F8E);
    assert_false(a.lost_registers);
}

static void test_an_edge_while_a_frame_moves_is_counted(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    *mmio_word(DMA2_STREAM0 + DMA_CR) = DMA_CR_EN;
    afe_ready_interrupt(&a);
    assert_int_equal(a.late, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_part_is_set_up),
        cmocka_unit_test(test_codes_arrive_in_pieces),
        cmocka_unit_test(test_extreme_codes),
        cmocka_unit_test(test_a_damaged_frame_repeats_the_set_before),
        cmocka_unit_test(test_frames_that_stay_bad_start_it_anew),
        cmocka_unit_test(test_silence_and_absence),
        cmocka_unit_test(test_a_part_that_was_reset_is_set_up_again),
        cmocka_unit_test(test_an_edge_while_a_frame_moves_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
