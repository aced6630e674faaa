/* A fake ADS131M06 behind SPI1, DMA2 and pins: frames of 24-bit words with CRC,
 * registers, the answer that comes a frame later. Its CRC is computed bit by bit. To be
 * included after mmio_fake.h. */
#ifndef TESTS_ADS131M06_FAKE_H
#define TESTS_ADS131M06_FAKE_H

#include "hal_target/stm32f405/ads131m06.h"
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
    bool done;             /* the DMA has moved a frame, or has failed */
    uint32_t dma_fails_at; /* this byte of the next frame, from 1: a transfer error */
    bool dma_hangs;        /* … and never ends */
    /* SPI1: DR holds a byte until it is read; what comes meanwhile is lost. */
    bool full, overrun;
    uint8_t dr;
    uint32_t spi_resets;
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

static void spi_transfer(uint8_t byte)
{
    uint8_t got = exchange(byte);

    adc.overrun |= adc.full;
    if (!adc.full)
        adc.dr = got;
    adc.full = true;
}

static uint8_t spi_take(void)
{
    adc.full = adc.overrun = false;
    return adc.dr;
}

/* Byte by byte through DR. What fails leaves the byte that came next in DR. */
static void move_frame(uint8_t *in, const uint8_t *out, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        spi_transfer(out[k]);
        if (k + 1 == adc.dma_fails_at) {
            adc.dma_fails_at = 0;
            *mmio_word(DMA2_LISR) = DMA_STREAM0_TE;
            return;
        }
        in[k] = spi_take();
    }
    *mmio_word(DMA2_LISR) = DMA_STREAM0_TC;
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
    if (adc.dma_hangs)
        return;
    move_frame(in, out, count);
    adc.done = true;
}

static bool adc_read(uint32_t address, uint32_t *value)
{
    if (address == SPI1 + SPI_SR)
        *value =
            SPI_SR_TXE | (adc.full ? SPI_SR_RXNE : 0) | (adc.overrun ? SPI_SR_OVR : 0);
    else if (address == SPI1 + SPI_DR)
        *value = spi_take();
    else
        return false;
    return true;
}

static bool adc_write(uint32_t address, uint32_t value)
{
    if (address == GPIOA + GPIO_BSRR || address == GPIOC + GPIO_BSRR)
        pins_moved();
    if (address == SPI1 + SPI_DR)
        spi_transfer((uint8_t)value);
    if (address == RCC_APB2RSTR && value & RCC_APB2RSTR_SPI1) {
        adc.full = adc.overrun = false;
        adc.spi_resets++;
    }
    if (address == SPI1 + SPI_CR2) {
        *mmio_word(address) = value;
        dma();
    }
    return false;
}

#endif
