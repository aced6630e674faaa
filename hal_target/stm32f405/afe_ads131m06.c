/* SPI1 (RM0090, 28), DMA2 (10), TIM1 (17), EXTI (12). See afe_ads131m06.h. */
#include "hal_target/stm32f405/afe_ads131m06.h"
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"

enum {
    TRIES = 1000,
    QUIET_TRIES = 100,  /* reads; two bytes at 9.68 MHz take some 40 */
    CLKIN_PERIOD = 30,  /* of 154.8288 MHz: 5.16096 MHz; / 2 / 1024 = 2520 S/s */
    RESET_US = 500,     /* low for more than 2048 CLKIN periods (397 µs): 8.3.10.2 */
    SETTLE_US = 100,    /* t_REGACQ is 5 µs */
    DRDY_LINE = 1 << 0, /* EXTI line 0 is pin 0 of port A (EXTICR1 = 0) */
    /* Mode 1 (CPOL 0, CPHA 1), 8 bits, 9.68 MHz: half a period of 52 ns is left for the
     * part's 20 ns (t_p(SCDO)), the setup of MISO and the traces. A frame takes 20 µs of
     * 397. */
    SPI_ON = SPI_CR1_CPHA | SPI_CR1_MSTR | SPI_CR1_BY_8 | SPI_CR1_SSI_SSM | SPI_CR1_SPE,
    DMA_COMMON = DMA_CR_CHANNEL_3 | DMA_CR_HIGH | DMA_CR_MINC,
    PERIOD_US = 397,
    LATE_US = PERIOD_US * 15 / 8 /* one edge has not been seen, or more */
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

/* What was going out leaves, and what came in is dropped: a byte that stays in DR would
 * be read as the first one of the next frame, for ever. OVR goes when DR and then SR are
 * read (28.3.8, 28.3.10). */
static void empty_spi(void)
{
    mmio_wait(SPI1 + SPI_SR, SPI_SR_TXE | SPI_SR_BSY, SPI_SR_TXE, QUIET_TRIES);
    for (int k = 0; k < 2 && mmio_read(SPI1 + SPI_SR) & (SPI_SR_RXNE | SPI_SR_OVR); k++)
        mmio_read(SPI1 + SPI_DR);
}

/* All bytes have moved, so both streams have ended by themselves (10.3.13). */
static void end_frame(struct afe *a)
{
    mmio_write(SPI1 + SPI_CR2, 0);
    mmio_write(DMA2_LIFCR, DMA_STREAM0_ALL | DMA_STREAM3_ALL);
    pin_write(PIN_AFE_CS, true);
    a->moving = false;
}

/* Ends a frame wherever it is. */
static void abort_frame(struct afe *a)
{
    stop_dma();
    empty_spi();
    pin_write(PIN_AFE_CS, true);
    a->moving = false;
}

static void restart_spi(void)
{
    mmio_write(SPI1 + SPI_CR1, 0);
    mmio_set(RCC_APB2RSTR, RCC_APB2RSTR_SPI1);
    mmio_clear(RCC_APB2RSTR, RCC_APB2RSTR_SPI1);
    mmio_write(SPI1 + SPI_CR1, SPI_ON);
}

/* One frame without DMA; for the start. */
static bool exchange(struct afe *a, uint16_t command, uint16_t data)
{
    bool done = true;

    ads_command(a->tx, command, data);
    empty_spi();
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
    abort_frame(a);
    start_clkin();
    restart_spi();
    a->starts++;
    a->tried_us = a->moved_us = clocks_now_us();
    a->fill = a->owed = a->more = a->bad = 0;
    a->waits = a->has_code = a->lost_registers = false;
    a->edge_us = 0;
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
    bool broken = !a->running || a->lost_registers || a->bad >= AFE_BAD_MAX || silent;
    if (broken) {
        ready_interrupt_on(false);
        a->running = false;
        if (a->starts == 0 || now_us >= a->tried_us + AFE_RETRY_US)
            afe_start(a);
    }
    return a->running && (a->starts == 1 || now_us >= a->tried_us + AFE_PROOF_US);
}

static void begin_frame(struct afe *a)
{
    a->moving = true;
    pin_write(PIN_AFE_CS, false);
    mmio_write(DMA2_STREAM0 + DMA_NDTR, ADS_FRAME);
    mmio_write(DMA2_STREAM3 + DMA_NDTR, ADS_FRAME);
    mmio_write(DMA2_STREAM0 + DMA_CR,
               DMA_COMMON | DMA_CR_TCIE | DMA_CR_TEIE | DMA_CR_EN);
    mmio_write(DMA2_STREAM3 + DMA_CR, DMA_COMMON | DMA_CR_FROM_MEMORY | DMA_CR_EN);
    mmio_write(SPI1 + SPI_CR2, SPI_CR2_RXDMAEN | SPI_CR2_TXDMAEN);
}

/* Edges that fell together because the processor was held up: the part keeps the last
 * two sets, so of those that were missed one is read, too. A longer gap is lost time,
 * which core counts. An edge is noticed when it comes or later, never before. */
static void count_edges(struct afe *a, uint32_t now_us)
{
    const uint32_t gap_us = now_us - a->edge_us;
    uint32_t edges = 1;

    if (a->edge_us == 0) {
        a->edge_us = now_us;
        return;
    }
    if (gap_us >= LATE_US) {
        edges = (gap_us * (HAL_SAMPLE_RATE / 10) + 100000 / 8) / 100000;
        a->late += edges - 1;
        a->more++;
        if (edges - 1 <= AFE_OWED_MAX)
            a->owed += edges - 2;
    }
    a->edge_us += edges * PERIOD_US;
    if ((int32_t)(now_us - a->edge_us) < 0)
        a->edge_us = now_us;
}

static void count_damage(struct afe *a)
{
    a->damaged++;
    if (a->bad < AFE_BAD_MAX)
        a->bad += AFE_BAD_STEP;
}

/* The part shows the next set by a falling edge of DRDY. A frame takes 20 µs, so one
 * that is still there waits for its interrupt, which reads this set behind it; at the
 * second such edge it hangs. */
void afe_ready_interrupt(struct afe *a, uint32_t now_us)
{
    mmio_write(EXTI_PR, DRDY_LINE);
    count_edges(a, now_us);
    if (a->moving && !a->waits) {
        a->waits = true;
        a->more++;
        a->late++;
        return;
    }
    if (a->moving) {
        abort_frame(a);
        count_damage(a);
        a->owed++;
    }
    a->waits = false;
    begin_frame(a);
}

static void put(struct afe *a)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        a->x[ch][a->fill] = a->code[ch];
    a->fill++;
}

static void put_owed(struct afe *a)
{
    for (; a->owed > 0; a->owed--)
        if (a->has_code && a->fill < BLOCK - 1)
            put(a);
}

/* A part that was reset by itself gives codes of other gains. */
static void read_frame(struct afe *a, bool whole)
{
    uint16_t status = 0;

    a->frames++;
    put_owed(a);
    bool good = whole && ads_decode(a->rx, &status, a->code);
    if (status & ADS_STATUS_RESET) {
        a->lost_registers = true;
        a->has_code = false;
    } else if (good) {
        a->has_code = true;
    }
    if (!good || a->lost_registers)
        count_damage(a);
    else if (a->bad && a->bad < AFE_BAD_MAX)
        a->bad--;
    if (a->has_code)
        put(a);
}

uint32_t afe_frame_interrupt(struct afe *a)
{
    bool whole = !(mmio_read(DMA2_LISR) & DMA_STREAM0_TE);

    if (!a->moving) /* aborted since it asked for its interrupt */
        return 0;
    a->waits = false;
    whole ? end_frame(a) : abort_frame(a);
    read_frame(a, whole);
    if (a->more) {
        a->more--;
        begin_frame(a);
    }
    if (a->fill < AFE_PIECE)
        return 0;
    uint32_t sets = a->fill;
    a->fill = 0;
    return sets;
}

void afe_drop_piece(struct afe *a)
{
    a->fill = 0;
}
