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

static void drdy(struct afe *a)
{
    adc.done = false;
    if (*mmio_word(EXTI_IMR) & 1)
        afe_ready_interrupt(a, (uint32_t)clocks_now_us());
}

/* One sample period: DRDY falls, the frame moves; the sets of a piece that is complete. */
static uint32_t period(struct afe *a)
{
    uint32_t sets = 0;

    mmio_advance(CLOCKS_CORE_HZ / HAL_SAMPLE_RATE);
    drdy(a);
    while (adc.done) {
        adc.done = false;
        sets += afe_frame_interrupt(a);
    }
    return sets;
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
    /* 77.4 / 8 = 9.68 MHz: the part's 20 ns and the processor's setup fit into 52 ns. */
    assert_int_equal(*mmio_word(SPI1 + SPI_CR1) >> 3 & 7, 2);
    assert_int_equal(adc.spi_resets, 1);
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
        assert_int_equal(period(&a), n == AFE_PIECE - 1 ? AFE_PIECE : 0);
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
    for (int n = 0; n < AFE_BAD_MAX / AFE_BAD_STEP; n++) {
        assert_true(afe_watch(&a, clocks_now_us()));
        adc.flips = true;
        period(&a);
    }
    assert_false(afe_watch(&a, clocks_now_us())); /* it has to prove itself … */
    assert_int_equal(adc.hardware_resets, 2);
    assert_true(a.running);
    period(&a);
    assert_false(afe_watch(&a, clocks_now_us()));
    mmio_advance_us(AFE_PROOF_US);
    period(&a);
    assert_true(afe_watch(&a, clocks_now_us())); /* … and has */
    assert_int_equal(a.starts, 2);
}

/* Sets stand in for a moment, never for a front end that gives damaged frames alone. */
static void test_bad_frames_after_a_start_are_no_sets(void **state)
{
    struct afe a;
    uint32_t sets = 0;

    (void)state;
    start(&a, false);
    for (int n = 0; n < 5 * HAL_SAMPLE_RATE; n++) {
        adc.flips = true;
        sets += period(&a);
        afe_watch(&a, clocks_now_us());
    }
    assert_int_equal(sets, 0);
    assert_in_range(a.starts, 4, 6);
    for (int n = 0; n < 3 * HAL_SAMPLE_RATE; n++) {
        sets += period(&a);
        afe_watch(&a, clocks_now_us());
    }
    assert_true(sets > HAL_SAMPLE_RATE);
}

static void test_one_damaged_frame_of_five_is_too_many(void **state)
{
    struct afe a;

    (void)state;
    for (int every = 4; every < 10; every += 4) {
        start(&a, false);
        for (int n = 0; n < 2 * HAL_SAMPLE_RATE; n++) {
            adc.flips = n % every == 0;
            period(&a);
            afe_watch(&a, clocks_now_us());
        }
        assert_true((a.starts > 1) == (every == 4));
    }
}

/* A transfer error leaves a byte in SPI1: the frames after it are whole all the same. */
static void test_a_dma_error_costs_one_set(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    for (int n = 0; n < 4 * AFE_PIECE; n++) {
        adc.code[2] = 1000 + n;
        adc.dma_fails_at = n == 9 ? 10 : 0;
        uint32_t sets = period(&a);
        assert_int_equal(sets, n % AFE_PIECE == AFE_PIECE - 1 ? AFE_PIECE : 0);
        for (uint32_t k = 0; k < sets; k++) {
            int set = n - AFE_PIECE + 1 + (int)k;
            assert_int_equal(a.x[2][k], 1000 + (set == 9 ? 8 : set));
        }
        assert_true(mmio_pin(GPIOA, 4));
    }
    assert_int_equal(a.damaged, 1);
    assert_int_equal(a.starts, 1);
}

/* What stands in SPI1 from before does not reach the answers. */
static void test_a_start_empties_the_spi(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    adc.full = adc.overrun = true;
    adc.dr = 0x5A;
    assert_true(afe_start(&a));
    assert_int_equal(adc.spi_resets, 2);
    assert_false(adc.full);
}

static void test_a_frame_that_hangs_is_given_up(void **state)
{
    struct afe a;
    uint32_t sets = 0;

    (void)state;
    start(&a, false);
    for (int n = 0; n < 12; n++) {
        adc.code[0] = n;
        adc.dma_hangs = n == 2 || n == 3;
        sets += period(&a);
    }
    /* 2 hangs, 3 waits for it, 4 gives it up: another set stands in for 2. */
    assert_int_equal(a.starts, 1);
    assert_int_equal(a.damaged, 1);
    assert_int_equal(sets + a.fill, 12);
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
    assert_false(afe_watch(&a, clocks_now_us()));
    assert_true(a.running);
    assert_int_equal(a.starts, 3);
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
    assert_int_equal(a.fill, 0); /* its gains are others */
    assert_false(afe_watch(&a, clocks_now_us()));
    assert_int_equal(adc.reg[3], 0x3F8E);
    assert_false(a.lost_registers);
}

/* The frame's interrupt is held up until the next edge has come: both sets are read. */
static void test_a_late_interrupt_loses_no_set(void **state)
{
    struct afe a;

    (void)state;
    start(&a, false);
    adc.code[0] = 1;
    mmio_advance(CLOCKS_CORE_HZ / HAL_SAMPLE_RATE);
    drdy(&a);
    adc.code[0] = 2;
    mmio_advance(CLOCKS_CORE_HZ / HAL_SAMPLE_RATE);
    drdy(&a);
    assert_int_equal(a.late, 1);
    afe_frame_interrupt(&a);
    afe_frame_interrupt(&a);
    assert_int_equal(a.fill, 2);
    assert_int_equal(a.x[0][0], 1);
    assert_int_equal(a.x[0][1], 2);
    afe_frame_interrupt(&a); /* nothing moves */
    assert_int_equal(a.fill, 2);
}

/* Edges that fall together leave no hole in time, as long as core counts none. */
static void test_edges_that_were_missed_are_made_up_for(void **state)
{
    struct afe a;
    uint32_t sets = 0;

    (void)state;
    start(&a, false);
    for (int n = 0; n < 20; n++)
        sets += period(&a);
    mmio_advance(4 * CLOCKS_CORE_HZ / HAL_SAMPLE_RATE); /* four edges, and the next */
    sets += period(&a);
    assert_int_equal(sets + a.fill, 25);
    assert_int_equal(a.late, 4);
    mmio_advance_us(8000); /* core counts this as lost */
    sets += period(&a);
    assert_int_equal(sets + a.fill, 27);
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
        cmocka_unit_test(test_bad_frames_after_a_start_are_no_sets),
        cmocka_unit_test(test_one_damaged_frame_of_five_is_too_many),
        cmocka_unit_test(test_a_dma_error_costs_one_set),
        cmocka_unit_test(test_a_start_empties_the_spi),
        cmocka_unit_test(test_a_frame_that_hangs_is_given_up),
        cmocka_unit_test(test_a_late_interrupt_loses_no_set),
        cmocka_unit_test(test_edges_that_were_missed_are_made_up_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
