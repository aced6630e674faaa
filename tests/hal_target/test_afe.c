/* The front end's driver against the ADS131M06 behind SPI1, DMA2 and pins: what is set up,
 * which sets arrive, and damage, silence, lost registers, transfers that fail, interrupts
 * that come late. */
#include "chips.h"
#include "core/hal.h"
#include "hal_target/stm32f405/afe_ads131m06.h"

enum { SETS = 20000 };

static struct afe a;
static int32_t got[SETS][HAL_CHANNELS]; /* in the order in which they were handed on */
static uint32_t sets;

static void on_ready(void)
{
    afe_ready_interrupt(&a, (uint32_t)clocks_now_us());
}

static void on_frame(void)
{
    const uint32_t count = afe_frame_interrupt(&a);

    for (uint32_t k = 0; k < count; k++, sets++)
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            got[sets % SETS][ch] = a.x[ch][k];
}

/* Conversion n: so that no two are alike. */
static void count_up(int64_t n, int32_t code[ADS131M06_CHANNELS])
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        code[ch] = (int32_t)(n * 8 + ch) * (ch % 2 ? -1 : 1);
}

static int64_t conversion_of(uint32_t set)
{
    return got[set % SETS][0] / 8;
}

static void prepare(void)
{
    chips_start();
    memset(&a, 0, sizeof a);
    sets = 0;
    chips.convert = count_up;
    clocks_start();
    pins_start();
    chips_interrupt(IRQ_EXTI0, 0x40, on_ready);
    chips_interrupt(IRQ_DMA2_STREAM0, 0x40, on_frame);
}

static bool watch(void)
{
    return afe_watch(&a, clocks_now_us());
}

static void start(void)
{
    prepare();
    chips_pass_us(1000);
    assert_true(watch());
}

/* The main loop has a turn every ms. */
static bool run_ms(int ms)
{
    bool well = false;

    for (int k = 0; k < ms; k++) {
        chips_pass_us(1000);
        well = watch();
    }
    return well;
}

static void test_the_part_is_set_up(void **state)
{
    const struct ads131m06 *part = &chips.board.afe;

    (void)state;
    start();
    assert_int_equal(part->reg[2], 0x1110); /* CRC on input, 24 bits, RESET cleared */
    assert_int_equal(part->reg[3], 0x3F8E); /* six channels, CLKIN, OSR 1024, HR */
    assert_int_equal(part->reg[4], 0x2000); /* gains 1 1 1 4 */
    assert_int_equal(part->reg[5], 0x0022); /* 4 4 */
    assert_int_equal(part->bad_crc, 0);
    assert_int_equal(part->too_fast, 0);
    /* 77.4 / 8 = 9.68 MHz: the part's 20 ns and the processor's setup fit into 52 ns. */
    assert_int_equal(chips_peek(SPI1 + SPI_CR1) >> 3 & 7, 2);
    assert_true(chips.sampling.num == chips.sampling.den * HAL_SAMPLE_RATE);
}

static void test_sets_arrive_in_order(void **state)
{
    (void)state;
    start();
    assert_true(run_ms(2000));
    assert_in_range(sets, 2 * HAL_SAMPLE_RATE - AFE_PIECE, 2 * HAL_SAMPLE_RATE);
    for (uint32_t k = 0; k < sets; k++)
        assert_true(conversion_of(k) == conversion_of(0) + k);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        assert_int_equal(abs(got[77][ch] - got[76][ch]), 8);
    assert_int_equal(a.damaged + a.late, 0);
    assert_int_equal(a.starts, 1);
}

static void test_extreme_codes(void **state)
{
    static const int32_t codes[HAL_CHANNELS] = {
        -8388608, 8388607, -1, 0, 1, -4194304
    };

    (void)state;
    start();
    chips.convert = NULL;
    memcpy(chips.code, codes, sizeof codes);
    run_ms(10);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        assert_int_equal(got[sets - 1][ch], codes[ch]);
}

static void test_a_damaged_frame_repeats_the_set_before(void **state)
{
    (void)state;
    start();
    run_ms(20);
    chips.board.afe.damages = 1;
    assert_true(run_ms(20));
    assert_int_equal(a.damaged, 1);
    uint32_t repeated = 0;
    for (uint32_t k = 1; k < sets; k++)
        repeated += conversion_of(k) == conversion_of(k - 1);
    assert_int_equal(repeated, 1);
    assert_true(conversion_of(sets - 1) == conversion_of(0) + sets - 1); /* not lost */
}

static void test_frames_that_stay_bad_start_it_anew(void **state)
{
    (void)state;
    start();
    run_ms(2000);
    const uint32_t resets = chips.board.afe.resets;
    chips.board.afe.damages = AFE_BAD_MAX / AFE_BAD_STEP;
    assert_false(run_ms(20)); /* it has to prove itself … */
    assert_int_equal(chips.board.afe.resets, resets + 1);
    assert_true(a.running);
    assert_true(run_ms(AFE_PROOF_US / 1000)); /* … and has */
    assert_int_equal(a.starts, 2);
}

/* Sets stand in for a moment, never for a front end that gives damaged frames alone. */
static void test_bad_frames_after_a_start_are_no_sets(void **state)
{
    (void)state;
    start();
    run_ms(2);
    chips.board.afe.damages = UINT32_MAX;
    run_ms(1500);
    const uint32_t before = sets;
    assert_false(run_ms(4000));
    assert_int_equal(sets, before);
    assert_in_range(a.starts, 4, 7);
    chips.board.afe.damages = 0;
    run_ms(3000);
    assert_true(sets > before + HAL_SAMPLE_RATE);
}

static void test_one_damaged_frame_of_five_is_too_many(void **state)
{
    (void)state;
    for (uint32_t every = 4; every < 10; every += 4) {
        start();
        chips.board.afe.one_in = every;
        run_ms(2000);
        assert_true((a.starts > 1) == (every == 4));
    }
}

/* A transfer error in either stream, at any byte: a set or two are lost to it, counted,
 * and others stand in. Nothing is left in SPI1. */
static void test_a_dma_error_costs_no_start(void **state)
{
    (void)state;
    for (int item = 1; item <= 48; item += 5) {
        start();
        run_ms(20);
        chips.soc.dma.fail_in = item;
        assert_true(run_ms(20));
        assert_int_equal(a.starts, 1);
        assert_in_range(a.damaged, 1, 2);
        assert_true(conversion_of(sets - 1) == conversion_of(0) + sets - 1);
        assert_true(chips_pin(PIN_AFE_CS));
    }
}

/* What stands in SPI1 from before reaches neither answers nor frames for long, wherever
 * between two conversions it comes: within a frame it costs that frame, between frames
 * it shifts those that follow until the start anew. */
static void test_a_stray_byte_is_got_rid_of(void **state)
{
    unsigned shifts = 0;

    (void)state;
    for (uint32_t at_us = 0; at_us < 400; at_us += 20) {
        prepare();
        chips_pass_us(1000);
        stm32_spi_stray(&chips.soc, 0, 0x5A);
        assert_true(watch());
        run_ms(2000);
        chips_pass_us(at_us);
        stm32_spi_stray(&chips.soc, 0, 0x5A); /* while it runs */
        run_ms(40);
        assert_in_range(a.starts, 1, 2);
        shifts += a.starts == 2;
        const uint32_t damaged = a.damaged;
        assert_true(run_ms(3000));
        assert_int_equal(a.damaged, damaged);
    }
    assert_true(shifts > 0);
}

static void test_silence_and_absence(void **state)
{
    struct ads131m06 *part = &chips.board.afe;

    (void)state;
    start();
    run_ms(2000);
    ads131m06_silence(part, true, chips.soc.now_ns);
    assert_false(run_ms(AFE_SILENCE_US / 1000 + 1));
    assert_int_equal(a.starts, 2);
    assert_false(run_ms(1)); /* not at once again */
    assert_int_equal(a.starts, 2);
    ads131m06_silence(part, false, chips.soc.now_ns);
    run_ms(AFE_RETRY_US / 1000);
    assert_true(a.running);
    assert_int_equal(a.starts, 3);
    prepare();
    part->silent = true;
    assert_false(watch());
    assert_int_equal(chips_peek(EXTI_IMR) & 1, 0);
}

/* Its gains are others then: no such set is handed on. */
static void test_a_part_that_was_reset_is_set_up_again(void **state)
{
    (void)state;
    start();
    run_ms(2000);
    const uint32_t before = sets + a.fill;
    ads131m06_upset(&chips.board.afe, chips.soc.now_ns);
    chips_pass_us(500);
    assert_true(a.lost_registers);
    assert_in_range(sets + a.fill, before, before + 1);
    assert_false(watch());
    assert_int_equal(chips.board.afe.reg[4], 0x2000);
    assert_true(run_ms(3000));
}

/* Interrupts are held up for this long; no set is missing, and at most those are
 * repeated that the part could not hold. */
static void test_late_interrupts_lose_no_set(void **state)
{
    (void)state;
    for (int us = 100; us <= 4000; us += 300) {
        start();
        run_ms(20);
        chips_pass_us(us % 397); /* into the middle of a period, or a frame */
        chips.held_up = true;
        chips_pass_us(us);
        chips.held_up = false;
        chips_attend();
        assert_true(run_ms(20));
        assert_true(conversion_of(sets - 1) == conversion_of(0) + sets - 1);
        assert_int_equal(a.starts, 1);
        uint32_t repeated = 0;
        for (uint32_t k = 1; k < sets; k++)
            repeated += conversion_of(k) == conversion_of(k - 1);
        assert_in_range(repeated, 0, us < 900 ? 0 : us / 397);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_part_is_set_up),
        cmocka_unit_test(test_sets_arrive_in_order),
        cmocka_unit_test(test_extreme_codes),
        cmocka_unit_test(test_a_damaged_frame_repeats_the_set_before),
        cmocka_unit_test(test_frames_that_stay_bad_start_it_anew),
        cmocka_unit_test(test_bad_frames_after_a_start_are_no_sets),
        cmocka_unit_test(test_one_damaged_frame_of_five_is_too_many),
        cmocka_unit_test(test_a_dma_error_costs_no_start),
        cmocka_unit_test(test_a_stray_byte_is_got_rid_of),
        cmocka_unit_test(test_silence_and_absence),
        cmocka_unit_test(test_a_part_that_was_reset_is_set_up_again),
        cmocka_unit_test(test_late_interrupts_lose_no_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
