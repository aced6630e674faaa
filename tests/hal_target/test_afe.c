/* The front end's driver against an ADS131M06 at the level of SPI1, DMA2 and pins: frames
 * of 24-bit words with CRC, registers, the answer that comes a frame later, and damage,
 * silence and a lost configuration. The part's CRC is computed bit by bit. */
#include "hal_target/stm32f405/afe_ads131m06.h"
#include "mmio_fake.h"
#include "tests/support/check.h"

enum { ADC_REGISTERS = 64 };

static struct adc {
    bool absent, flips; /* flips: one bit of the next frame */
    bool selected, in_reset;
    uint64_t reset_began;
    uint16_t reg[ADC_REGISTERS], answer;
    uint8_t in[ADS_FRAME], out[ADS_FRAME];
    uint32_t at, frames, bad_crc, hardware_resets;
    int32_t code[HAL_CHANNELS];
    bool done; /* the DMA has moved a frame */
} adc;

static uint16_t crc_by_bits(const uint8_t *bytes, int size)
{
    uint16_t crc = 0xFFFF;

    for (int bit = 0; bit < 8 * size; bit++) {
        bool one = (bytes[bit / 8] >> (7 - bit % 8) & 1) ^ crc >> 15;
        crc = (uint16_t)(crc << 1 ^ (one ? 0x1021 : 0));
    }
    return crc;
}

static void adc_reset(void)
{
    memset(adc.reg, 0, sizeof adc.reg);
    adc.reg[2] = 0x0510;
    adc.reg[3] = 0x3F0E;
    adc.answer = 0xFF26;
    adc.hardware_resets++;
}

static void begin_frame(void)
{
    adc.at = 0;
    memset(adc.out, 0, sizeof adc.out);
    adc.out[0] = (uint8_t)(adc.answer >> 8);
    adc.out[1] = (uint8_t)adc.answer;
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int k = 0; k < 3; k++)
            adc.out[3 + 3 * ch + k] = (uint8_t)((uint32_t)adc.code[ch] >> (16 - 8 * k));
    uint16_t crc = crc_by_bits(adc.out, 21);
    adc.out[21] = (uint8_t)(crc >> 8);
    adc.out[22] = (uint8_t)crc;
    if (adc.flips)
        adc.out[7] ^= 0x10;
    adc.flips = false;
}

static void end_frame(void)
{
    uint16_t command = (uint16_t)(adc.in[0] << 8 | adc.in[1]);
    uint16_t data = (uint16_t)(adc.in[3] << 8 | adc.in[4]);
    int words = (command & 0xE000) == 0x6000 ? 2 : 1;

    adc.frames++;
    if (adc.at != ADS_FRAME)
        return;
    if (crc_by_bits(adc.in, 3 * words) !=
        (adc.in[3 * words] << 8 | adc.in[3 * words + 1]))
        adc.bad_crc++;
    if ((command & 0xE000) == 0xA000)
        adc.answer = adc.reg[command >> 7 & 63];
    else
        adc.answer = (uint16_t)(0x0500 & ~(adc.reg[2] & 0x400 ? 0 : 0x400));
    if (words == 2)
        adc.reg[command >> 7 & 63] = data;
}

static uint8_t exchange(uint8_t byte)
{
    uint32_t at = adc.at++;

    if (!adc.selected || adc.absent || adc.in_reset || at >= ADS_FRAME)
        return 0xFF;
    adc.in[at] = byte;
    return adc.out[at];
}

static void pins_moved(void)
{
    bool selected = !mmio_pin(GPIOA, 4), in_reset = !mmio_pin(GPIOC, 4);

    if (selected && !adc.selected)
        begin_frame();
    if (!selected && adc.selected)
        end_frame();
    adc.selected = selected;
    if (in_reset && !adc.in_reset)
        adc.reset_began = mmio.clocks;
    /* Shorter than 2048 periods of CLKIN it only synchronises. */
    if (!in_reset && adc.in_reset && mmio.clocks - adc.reset_began > 2048 * 30)
        adc_reset();
    adc.in_reset = in_reset;
}

/* Both streams and both requests on: the frame moves. */
static void dma(void)
{
    uint32_t rx = *mmio_word(DMA2_STREAM0 + DMA_CR),
             tx = *mmio_word(DMA2_STREAM3 + DMA_CR);

    if (!(rx & tx & DMA_CR_EN) || *mmio_word(SPI1 + SPI_CR2) != 3)
        return;
    assert_int_equal(rx >> 25 & 7, 3);
    assert_int_equal(tx >> 25 & 7, 3);
    assert_int_equal(tx >> 6 & 3, 1);
    assert_int_equal(*mmio_word(DMA2_STREAM0 + DMA_PAR), SPI1 + SPI_DR);
    uint32_t count = *mmio_word(DMA2_STREAM0 + DMA_NDTR);
    assert_int_equal(count, *mmio_word(DMA2_STREAM3 + DMA_NDTR));
    uint8_t *in = mmio_buffer(*mmio_word(DMA2_STREAM0 + DMA_M0AR));
    const uint8_t *out = mmio_buffer(*mmio_word(DMA2_STREAM3 + DMA_M0AR));
    for (uint32_t k = 0; k < count; k++)
        in[k] = exchange(out[k]);
    *mmio_word(DMA2_LISR) = DMA_STREAM0_TC;
    adc.done = true;
}

static uint8_t miso;

static bool fake_read(uint32_t address, uint32_t *value)
{
    if (address == SPI1 + SPI_SR)
        *value = SPI_SR_RXNE | SPI_SR_TXE;
    else if (address == SPI1 + SPI_DR)
        *value = miso;
    else
        return false;
    return true;
}

static bool fake_write(uint32_t address, uint32_t value)
{
    if (address == GPIOA + GPIO_BSRR || address == GPIOC + GPIO_BSRR)
        pins_moved();
    if (address == SPI1 + SPI_DR)
        miso = exchange((uint8_t)value);
    if (address == SPI1 + SPI_CR2) {
        *mmio_word(address) = value;
        dma();
    }
    return false;
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
    for (int n = 0; n < AFE_BAD_MOST; n++) {
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
