/* SPI1 (RM0090, 28), DMA2 (10), TIM1 (17), EXTI (12). See afe_ads131m06.h. */
#include "hal_target/stm32f405/afe_ads131m06.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"

enum {
    TRIES = 1000,
    CLKIN_PERIOD = 30,  /* of 154.8288 MHz: 5.16096 MHz; / 2 / 1024 = 2520 S/s */
    RESET_US = 500,     /* low for more than 2048 CLKIN periods (397 µs): 8.3.10.2 */
    SETTLE_US = 100,    /* t_REGACQ is 5 µs */
    DRDY_LINE = 1 << 0, /* EXTI line 0 is pin 0 of port A (EXTICR1 = 0) */
    /* Mode 1 (CPOL 0, CPHA 1), 8 bits, 19.35 MHz; the part bears 25. */
    SPI_ON = SPI_CR1_CPHA | SPI_CR1_MSTR | SPI_CR1_BY_4 | SPI_CR1_SSI_SSM | SPI_CR1_SPE,
    DMA_COMMON = DMA_CR_CHANNEL_3 | DMA_CR_HIGH | DMA_CR_MINC
};

static void start_clkin(void)
{
    mmio_write(TIM1_PSC, 0);
    mmio_write(TIM1_ARR, CLKIN_PERIOD - 1);
    mmio_write(TIM1_CCR1, CLKIN_PERIOD / 2);
    mmio_write(TIM1_CCMR1, TIM1_CCMR1_PWM1);
    mmio_write(TIM1_CCER, TIM1_CCER_CC1E);
    mmio_write(TIM1_BDTR, TIM1_BDTR_MOE);
    mmio_write(TIM1_EGR, TIM1_EGR_UG);
    mmio_write(TIM1_CR1, TIM1_CR1_CEN);
}

static void ready_interrupt_on(bool on)
{
    mmio_write(EXTI_PR, DRDY_LINE);
    if (on)
        mmio_set(EXTI_IMR, DRDY_LINE);
    else
        mmio_clear(EXTI_IMR, DRDY_LINE);
}

static void stop_dma(void)
{
    mmio_write(SPI1 + SPI_CR2, 0);
    mmio_write(DMA2_STREAM0 + DMA_CR, 0);
    mmio_write(DMA2_STREAM3 + DMA_CR, 0);
    mmio_wait(DMA2_STREAM0 + DMA_CR, DMA_CR_EN, 0, TRIES);
    mmio_write(DMA2_LIFCR, DMA_STREAM0_ALL | DMA_STREAM3_ALL);
}

/* One frame without DMA; for the start. */
static bool exchange(struct afe *a, uint16_t command, uint16_t data)
{
    bool done = true;

    ads_command(a->tx, command, data);
    pin_write(PIN_AFE_CS, false);
    for (int k = 0; k < ADS_FRAME && done; k++) {
        mmio_write(SPI1 + SPI_DR, a->tx[k]);
        done = !mmio_wait(SPI1 + SPI_SR, SPI_SR_RXNE, SPI_SR_RXNE, TRIES);
        a->rx[k] = (uint8_t)mmio_read(SPI1 + SPI_DR);
    }
    pin_write(PIN_AFE_CS, true);
    return done;
}

/* The answer to a command comes with the frame after it. */
static bool ask(struct afe *a, uint16_t command, uint16_t data, uint16_t *answer)
{
    return exchange(a, command, data) && exchange(a, ADS_NULL, 0) &&
           ads_decode(a->rx, answer, a->code);
}

static bool set_register(struct afe *a, enum ads_register reg, uint16_t value)
{
    uint16_t answer;

    return exchange(a, (uint16_t)(ADS_WRITE | reg << 7), value) &&
           ask(a, (uint16_t)(ADS_READ | reg << 7), 0, &answer) && answer == value;
}

static bool start_part(struct afe *a)
{
    uint16_t answer;

    pin_write(PIN_AFE_RESET, false);
    clocks_wait_us(RESET_US);
    pin_write(PIN_AFE_RESET, true);
    clocks_wait_us(SETTLE_US);
    if (!exchange(a, ADS_NULL, 0) || !ads_decode(a->rx, &answer, a->code) ||
        answer != ADS_READY)
        return false;
    return set_register(a, ADS_CLOCK, ADS_CLOCK_VALUE) &&
           set_register(a, ADS_GAIN1, ADS_GAIN1_VALUE) &&
           set_register(a, ADS_GAIN2, ADS_GAIN2_VALUE) &&
           set_register(a, ADS_MODE, ADS_MODE_VALUE);
}

bool afe_start(struct afe *a)
{
    ready_interrupt_on(false);
    stop_dma();
    start_clkin();
    mmio_write(SPI1 + SPI_CR1, SPI_ON);
    a->starts++;
    a->tried_us = a->moved_us = clocks_now_us();
    a->fill = 0;
    a->bad_in_a_row = 0;
    a->lost_registers = false;
    a->running = start_part(a);
    if (!a->running)
        return false;
    ads_command(a->tx, ADS_NULL, 0);
    mmio_write(DMA2_STREAM0 + DMA_PAR, SPI1 + SPI_DR);
    mmio_write(DMA2_STREAM0 + DMA_M0AR, mmio_address(a->rx));
    mmio_write(DMA2_STREAM3 + DMA_PAR, SPI1 + SPI_DR);
    mmio_write(DMA2_STREAM3 + DMA_M0AR, mmio_address(a->tx));
    mmio_write(SYSCFG_EXTICR1, mmio_read(SYSCFG_EXTICR1) & ~15u);
    mmio_set(EXTI_FTSR, DRDY_LINE);
    ready_interrupt_on(true);
    return true;
}

bool afe_watch(struct afe *a, uint64_t now_us)
{
    bool moved = a->frames != a->seen;

    a->seen = a->frames;
    if (moved)
        a->moved_us = now_us;
    /* A start in this very turn may be later than now_us. */
    bool silent = now_us > a->moved_us && now_us - a->moved_us >= AFE_SILENCE_US;
    bool broken =
        !a->running || a->lost_registers || a->bad_in_a_row >= AFE_BAD_MAX || silent;
    if (!broken)
        return true;
    ready_interrupt_on(false);
    a->running = false;
    return now_us >= a->tried_us + AFE_RETRY_US && afe_start(a);
}

/* The part shows the next set by a falling edge of DRDY. */
void afe_ready_interrupt(struct afe *a)
{
    mmio_write(EXTI_PR, DRDY_LINE);
    if (mmio_read(DMA2_STREAM0 + DMA_CR) & DMA_CR_EN) {
        a->late++;
        return;
    }
    pin_write(PIN_AFE_CS, false);
    mmio_write(DMA2_LIFCR, DMA_STREAM0_ALL | DMA_STREAM3_ALL);
    mmio_write(DMA2_STREAM0 + DMA_NDTR, ADS_FRAME);
    mmio_write(DMA2_STREAM3 + DMA_NDTR, ADS_FRAME);
    mmio_write(DMA2_STREAM0 + DMA_CR,
               DMA_COMMON | DMA_CR_TCIE | DMA_CR_TEIE | DMA_CR_EN);
    mmio_write(DMA2_STREAM3 + DMA_CR, DMA_COMMON | DMA_CR_FROM_MEMORY | DMA_CR_EN);
    mmio_write(SPI1 + SPI_CR2, SPI_CR2_RXDMAEN | SPI_CR2_TXDMAEN);
}

static void read_frame(struct afe *a, bool whole)
{
    uint16_t status;

    a->frames++;
    if (!whole || !ads_decode(a->rx, &status, a->code)) {
        a->damaged++;
        if (a->bad_in_a_row < AFE_BAD_MAX)
            a->bad_in_a_row++;
        return;
    }
    a->bad_in_a_row = 0;
    if (status & ADS_STATUS_RESET)
        a->lost_registers = true;
}

bool afe_frame_interrupt(struct afe *a)
{
    bool whole = !(mmio_read(DMA2_LISR) & DMA_STREAM0_TE);

    stop_dma();
    pin_write(PIN_AFE_CS, true);
    if (a->fill == AFE_PIECE)
        a->fill = 0;
    read_frame(a, whole);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        a->x[ch][a->fill] = a->code[ch];
    return ++a->fill == AFE_PIECE;
}
