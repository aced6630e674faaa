/* RCC (RM0090, 7.2, 7.3), flash wait states (3.5.1) and SysTick. See clocks.h. */
#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/registers.h"

enum {
    /* Reads of a register: some 60 ms at the 16 MHz of the start; crystals need 2. */
    TRIES = 50000,
    /* VCO = source × N / M; the core runs on half of it. */
    FROM_CRYSTAL = 8 | 168 << 6 | 8 << 24 | RCC_PLLCFGR_HSE, /* 154.8288 MHz */
    FROM_INTERNAL = 10 | 194 << 6 | 8 << 24 /* 16 MHz ± 1 %: 155.2 MHz */
};

static volatile uint64_t tick_us; /* when SysTick came last */

static void start_time(void)
{
    tick_us = 0;
    mmio_write(SYSTICK_RVR, CLOCKS_TICK - 1);
    mmio_write(SYSTICK_CVR, 0);
    mmio_write(SYSTICK_CSR, SYSTICK_ON);
}

/* The core runs on the internal oscillator while the PLL is set up (7.2.3). */
static bool start_pll(uint32_t setup)
{
    mmio_clear(RCC_CFGR, RCC_CFGR_SW);
    mmio_wait(RCC_CFGR, RCC_CFGR_SWS, 0, TRIES);
    mmio_clear(RCC_CR, RCC_CR_PLLON);
    mmio_wait(RCC_CR, RCC_CR_PLLRDY, 0, TRIES);
    mmio_write(RCC_PLLCFGR, setup);
    mmio_set(RCC_CR, RCC_CR_PLLON);
    if (mmio_wait(RCC_CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY, TRIES))
        return false;
    mmio_set(RCC_CFGR, RCC_CFGR_SW_PLL);
    return !mmio_wait(RCC_CFGR, RCC_CFGR_SWS, RCC_CFGR_SWS_PLL, TRIES);
}

/* A crystal that stops later is an NMI: recorded, and the meter starts again. */
static enum clocks_source run_on_crystal(void)
{
    if (start_pll(FROM_CRYSTAL)) {
        mmio_set(RCC_CR, RCC_CR_CSSON);
        return CLOCKS_CRYSTAL;
    }
    start_pll(FROM_INTERNAL);
    return CLOCKS_INTERNAL;
}

enum clocks_source clocks_start(void)
{
    enum clocks_source source = CLOCKS_INTERNAL;

    mmio_write(FLASH_ACR, FLASH_ACR_WAIT_5 | FLASH_ACR_PREFETCH | FLASH_ACR_CACHES);
    mmio_set(RCC_CR, RCC_CR_HSEON);
    mmio_write(RCC_CFGR, RCC_CFGR_APB1_BY_4 | RCC_CFGR_APB2_BY_2);
    if (!mmio_wait(RCC_CR, RCC_CR_HSERDY, RCC_CR_HSERDY, TRIES))
        source = run_on_crystal();
    else
        start_pll(FROM_INTERNAL);
    mmio_set(RCC_AHB1ENR, RCC_AHB1ENR_GPIO_ABC | RCC_AHB1ENR_DMA2);
    mmio_set(RCC_APB1ENR, RCC_APB1ENR_SPI2 | RCC_APB1ENR_USART2 | RCC_APB1ENR_I2C1 |
                              RCC_APB1ENR_PWR);
    mmio_set(RCC_APB2ENR, RCC_APB2ENR_TIM1 | RCC_APB2ENR_SPI1 | RCC_APB2ENR_SYSCFG);
    start_time();
    return source;
}

/* HSEON stays set, so the oscillator keeps trying. */
bool clocks_retry(void)
{
    return mmio_read(RCC_CR) & RCC_CR_HSERDY && run_on_crystal() == CLOCKS_CRYSTAL;
}

void clocks_tick(void)
{
    tick_us += CLOCKS_TICK_US;
}

/* Nothing interrupts SysTick's handler, so `tick_us` is read whole when it is the same
 * before and after. A counter that has begun anew while its interrupt still waits, for an
 * instruction or two, is of the next tick: time must not run back. */
uint64_t clocks_now_us(void)
{
    uint64_t before;
    uint32_t left;
    bool waits;

    do {
        before = tick_us;
        left = mmio_read(SYSTICK_CVR);
        waits = left > CLOCKS_TICK / 2 && mmio_read(SCB_ICSR) & SCB_ICSR_PENDSTSET;
    } while (before != tick_us);
    if (waits)
        before += CLOCKS_TICK_US;
    uint32_t gone = CLOCKS_TICK - 1 - left;
    return before + gone * CLOCKS_TICK_US / CLOCKS_TICK;
}

void clocks_wait_us(uint32_t us)
{
    uint64_t until = clocks_now_us() + us;

    while (clocks_now_us() < until)
        ;
}
