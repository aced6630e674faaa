/* IWDG (RM0090, 21.3). See watchdog.h. */
#include "hal_target/stm32f405/watchdog.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/registers.h"

enum { PERIODS = 500, SLOW_PERIODS = 2000 }; /* of 32 kHz / 64 */

/* A debugger that halts the core halts the watchdog. */
static void start(uint32_t periods)
{
    mmio_set(DBGMCU_APB1, DBGMCU_APB1_IWDG_STOP);
    mmio_write(IWDG_KR, IWDG_KR_START);
    mmio_write(IWDG_KR, IWDG_KR_UNLOCK);
    mmio_write(IWDG_PR, IWDG_PR_BY_64);
    mmio_write(IWDG_RLR, periods);
    mmio_write(IWDG_KR, IWDG_KR_FEED);
}

void watchdog_start(void)
{
    start(PERIODS);
}

void watchdog_start_slow(void)
{
    start(SLOW_PERIODS);
}

void watchdog_feed(struct watchdog *w, uint64_t now_us)
{
    if (now_us == w->fed_us)
        return;
    w->fed_us = now_us;
    mmio_write(IWDG_KR, IWDG_KR_FEED);
}

bool watchdog_has_bitten(void)
{
    bool bitten = mmio_read(RCC_CSR) & RCC_CSR_IWDGRSTF;

    mmio_set(RCC_CSR, RCC_CSR_RMVF);
    return bitten;
}
